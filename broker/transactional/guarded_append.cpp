#include "broker/transactional/guarded_append.h"

#include "kafka/records/batch.h"

namespace verdikt::broker::transactional {

using kafka::error_code;

bool batch_condition::allows(const storage::producer_table& producers,
                             runtime::const_bytes batches) {
    for (kafka::records::batch_reader reader(batches); !reader.done();) {
        const auto batch = reader.next();
        if (!batch) return false;
        const kafka::records::batch_header header = batch->header();
        refusal_ = guards_.admit(producers, header, held_);
        if (refusal_ != error_code::none) return false;
        if (header.attributes.is_transactional()) guards_.appended(header.producer_id);
    }
    return true;
}

bool marker_condition::allows(const storage::producer_table& producers,
                              runtime::const_bytes /*batches*/) {
    refusal_ = replication::check_marker(producers, marker_.what, marker_.epoch_of_its_own);
    if (refusal_ != error_code::none) return false;
    guards_.appended(marker_.what.producer_id);
    return true;
}

}  // namespace verdikt::broker::transactional
