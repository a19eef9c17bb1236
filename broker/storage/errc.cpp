#include "broker/storage/errc.h"

#include "runtime/check.h"

namespace verdikt::broker::storage {

std::string_view describe(errc error) {
    switch (error) {
        case errc::offline:
            return "the log directory is offline";
        case errc::no_space:
            return "too little space is left on the disk";
        case errc::write_failed:
            return "the write failed and was undone";
        case errc::stopped:
            return "the log is stopped";
        case errc::offset_out_of_range:
            return "offset out of range";
        case errc::unknown_producer:
            return "unknown producer id";
        case errc::producer_fenced:
            return "a newer epoch of the producer is known";
        case errc::out_of_order_sequence:
            return "out of order sequence number";
        case errc::coordinator_fenced:
            return "a newer transaction coordinator is known";
        case errc::invalid_transaction:
            return "not possible in this state of the transaction";
        case errc::refused:
            return "the condition on the append does not hold";
        case errc::corrupt:
            return "corrupt data";
        case errc::not_found:
            return "no such partition";
        case errc::already_exists:
            return "the partition already exists";
        case errc::wrong_identity:
            return "the directory belongs to another cluster or node";
        case errc::locked:
            return "the directory is locked by another process";
    }
    CHECK(false, "an errc of value {}", static_cast<int>(error));
    return {};
}

}  // namespace verdikt::broker::storage
