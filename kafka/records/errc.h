/// What can be wrong with bytes that claim to be record batches.
#pragma once

#include <string_view>

namespace verdikt::kafka::records {

enum class errc {
    truncated,           ///< The bytes end before the batch or the record does.
    unsupported_magic,   ///< Not a version 2 batch.
    bad_length,          ///< A length that no batch or record can have.
    bad_checksum,        ///< The CRC-32C does not match: the bytes are not what was written.
    bad_record,          ///< The records do not decode, or are not as many as the header says.
    unknown_codec,       ///< Compression bits that name no codec.
    bad_compression,     ///< The codec rejects its input.
    too_large,           ///< Decompressing would pass the caller's limit.
    compression_failed,  ///< The compression library failed on good input (it ran out of memory).
};

[[nodiscard]] std::string_view describe(errc error);

}  // namespace verdikt::kafka::records
