#include "kafka/records/errc.h"

namespace verdikt::kafka::records {

std::string_view describe(errc error) {
    switch (error) {
        case errc::truncated:
            return "the bytes end inside the batch";
        case errc::unsupported_magic:
            return "not a version 2 record batch";
        case errc::bad_length:
            return "impossible length";
        case errc::bad_checksum:
            return "checksum mismatch";
        case errc::bad_record:
            return "malformed record";
        case errc::unknown_codec:
            return "unknown compression codec";
        case errc::bad_compression:
            return "malformed compressed data";
        case errc::too_large:
            return "too large once decompressed";
        case errc::compression_failed:
            return "compression failed";
    }
    return "unknown error";
}

}  // namespace verdikt::kafka::records
