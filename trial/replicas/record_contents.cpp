#include "trial/replicas/record_contents.h"

#include "kafka/records/batch.h"
#include "kafka/records/compression.h"
#include "kafka/records/record.h"

#include <cstdint>

namespace verdikt::trial {

namespace {

namespace records = kafka::records;

constexpr std::size_t uncompressed_bytes_max = std::size_t{256} << 20U;

/// FNV-1a: what differs by chance or mistake has another one.
class content_digest {
  public:
    void add(std::span<const std::byte> bytes) {
        for (const std::byte each : bytes) mix(std::to_integer<std::uint64_t>(each));
        mix(bytes.size());
    }
    void add(const records::nullable_bytes& bytes) {
        mix(bytes ? 1 : 0);
        if (bytes) add(*bytes);
    }
    [[nodiscard]] std::uint64_t value() const { return value_; }

  private:
    void mix(std::uint64_t what) { value_ = (value_ ^ what) * 0x100000001b3U; }

    std::uint64_t value_ = 0xcbf29ce484222325U;
};

std::uint64_t digest_of(const records::record_view& record) {
    content_digest made;
    made.add(record.key);
    made.add(record.value);
    for (const records::record_header& each : record.headers) {
        made.add(std::as_bytes(std::span(each.key)));
        made.add(each.value);
    }
    return made.value();
}

}  // namespace

std::optional<std::string> add_contents(std::span<const std::byte> batch,
                                        std::vector<checker::replica_logs::record>& to) {
    const auto view = records::batch_view::parse(batch);
    if (!view) return std::string(describe(view.error()));
    records::byte_buffer scratch;
    const auto payload = records::uncompressed_payload(
        *view, records::compression::of_this_thread(), uncompressed_bytes_max, scratch);
    if (!payload) return std::string(describe(payload.error()));
    const records::batch_header header = view->header();
    for (records::record_reader reader(*payload, header.record_count); !reader.done();) {
        const auto record = reader.next();
        if (!record) return std::string(describe(record.error()));
        to.push_back({record->offset_in(header).value(), digest_of(*record)});
    }
    return std::nullopt;
}

}  // namespace verdikt::trial
