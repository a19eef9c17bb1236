#include "broker/replication/host/fetched_batches.h"

#include "kafka/records/batch.h"

namespace verdikt::broker::replication::host {

std::expected<checked_batches, kafka::error_code> check_fetched(std::span<const std::byte> bytes) {
    const std::unexpected corrupt(kafka::error_code::corrupt_message);
    checked_batches checked;
    kafka::records::batch_reader batches(bytes);
    while (!batches.done()) {
        const auto batch = batches.next();
        if (!batch || !batch->checksum_matches()) return corrupt;
        if (batch->last_offset_delta() < 0 || batch->base_offset() < kafka::offset(0)) {
            return corrupt;
        }
        if (!checked.records) {
            checked.records.emplace(batch->base_offset(), batch->last_offset(), batch->epoch());
            continue;
        }
        if (batch->base_offset() <= checked.records->last) return corrupt;
        if (batch->epoch() < checked.records->newest_epoch) return corrupt;
        checked.records->last = batch->last_offset();
        checked.records->newest_epoch = batch->epoch();
    }
    checked.bytes = bytes.first(batches.position());
    return checked;
}

}  // namespace verdikt::broker::replication::host
