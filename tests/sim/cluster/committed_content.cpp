#include "tests/sim/cluster/committed_content.h"

#include "kafka/records/compression.h"
#include "kafka/records/control.h"
#include "kafka/records/record.h"
#include "runtime/check.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace verdikt::tests {

namespace records = kafka::records;

namespace {

using found = std::vector<committed_record>;

std::string text(const records::nullable_bytes& of) {
    return of ? std::string(reinterpret_cast<const char*>(of->data()), of->size()) : std::string();
}

void read(const records::batch_view& batch, found& into) {
    constexpr std::size_t limit = std::size_t{10} << 20;
    const records::batch_header header = batch.header();
    records::byte_buffer scratch;
    const auto payload = records::uncompressed_payload(
        batch, records::compression::of_this_thread(), limit, scratch);
    CHECK(payload.has_value());
    for (records::record_reader reader(*payload, header.record_count); !reader.done();) {
        const auto record = reader.next();
        CHECK(record.has_value());
        into.push_back({.offset = record->offset_in(header),
                        .key = text(record->key),
                        .value = text(record->value)});
    }
}

}  // namespace

std::vector<committed_record> committed_records(std::span<const std::byte> batches) {
    found committed;
    std::map<kafka::producer_id, found> open;
    for (records::batch_reader reader(batches); !reader.done();) {
        const auto batch = reader.next();
        CHECK(batch.has_value());
        const records::batch_header header = batch->header();
        if (!header.attributes.is_control()) {
            read(*batch,
                 header.attributes.is_transactional() ? open[header.producer_id] : committed);
            continue;
        }
        const auto marker = records::parse_marker_batch(*batch);
        if (!marker) continue;
        found ended = std::exchange(open[marker->producer_id], {});
        if (marker->outcome == records::control_type::commit)
            std::ranges::move(ended, std::back_inserter(committed));
    }
    std::ranges::sort(committed);
    return committed;
}

std::vector<std::byte> newest_of_each_key(std::span<const std::byte> batches) {
    std::map<std::string, committed_record> newest;
    for (committed_record& each : committed_records(batches)) newest[each.key] = std::move(each);
    std::vector<std::byte> together;
    const auto add = [&](std::span<const std::byte> piece) {
        together.insert(together.end(), piece.begin(), piece.end());
    };
    for (const auto& [key, record] : newest) {
        add(std::as_bytes(std::span(key)));
        add(std::as_bytes(std::span(&record.offset, 1)));
        add(std::as_bytes(std::span(record.value)));
    }
    return together;
}

}  // namespace verdikt::tests
