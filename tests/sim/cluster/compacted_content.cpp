#include "tests/sim/cluster/compacted_content.h"

#include "kafka/records/compression.h"
#include "kafka/records/control.h"
#include "kafka/records/record.h"
#include "runtime/check.h"

#include <map>
#include <utility>

namespace verdikt::tests {

namespace records = kafka::records;

namespace {

using bytes = std::vector<std::byte>;

bytes copy(const records::nullable_bytes& of) {
    return of ? bytes(of->begin(), of->end()) : bytes{};
}

class content {
  public:
    void take(const records::batch_view& batch) {
        const records::batch_attributes kind = batch.header().attributes;
        if (!kind.is_control()) {
            read(batch, kind.is_transactional() ? open_[batch.header().producer_id] : newest_);
        } else if (const auto marker = records::parse_marker_batch(batch)) {
            end(*marker);
        }
    }

    [[nodiscard]] bytes all() const {
        bytes together;
        for (const auto& [key, record] : newest_) {
            const auto offset = std::as_bytes(std::span(&record.offset, 1));
            together.insert(together.end(), key.begin(), key.end());
            together.insert(together.end(), offset.begin(), offset.end());
            together.insert(together.end(), record.value.begin(), record.value.end());
        }
        return together;
    }

  private:
    struct newest_record {
        kafka::offset offset;
        bytes value;
    };
    using by_key = std::map<bytes, newest_record>;

    static void read(const records::batch_view& batch, by_key& into) {
        constexpr std::size_t limit = std::size_t{10} << 20;
        const records::batch_header header = batch.header();
        records::byte_buffer scratch;
        const auto payload = records::uncompressed_payload(
            batch, records::compression::of_this_thread(), limit, scratch);
        CHECK(payload.has_value());
        records::record_reader reader(*payload, header.record_count);
        while (!reader.done()) {
            const auto record = reader.next();
            CHECK(record.has_value());
            into[copy(record->key)] = {.offset = record->offset_in(header),
                                       .value = copy(record->value)};
        }
    }

    void end(const records::end_transaction_marker& marker) {
        by_key ended = std::exchange(open_[marker.producer_id], {});
        if (marker.outcome != records::control_type::commit) return;
        for (auto& [key, record] : ended) {
            const auto [known, is_first] = newest_.try_emplace(key, record);
            if (!is_first && known->second.offset < record.offset) known->second = record;
        }
    }

    by_key newest_;
    std::map<kafka::producer_id, by_key> open_;
};

}  // namespace

std::vector<std::byte> newest_of_each_key(std::span<const std::byte> batches) {
    content found;
    while (!batches.empty()) {
        const auto batch = records::batch_view::parse(batches);
        CHECK(batch.has_value());
        found.take(*batch);
        batches = batches.subspan(batch->size());
    }
    return found.all();
}

}  // namespace verdikt::tests
