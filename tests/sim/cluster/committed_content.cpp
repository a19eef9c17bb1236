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
        const auto value = record->value.value_or(std::span<const std::byte>());
        into.push_back({.offset = record->offset_in(header),
                        .value = {reinterpret_cast<const char*>(value.data()), value.size()}});
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

}  // namespace verdikt::tests
