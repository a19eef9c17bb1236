/// Why ListOffsets is refused, in words that the version asked in has.
#pragma once

#include "kafka/error_codes.h"

#include <cstdint>

namespace verdikt::broker::server {

/// From here on a new leader that does not know yet how far its predecessor had committed can say
/// so (KIP-207). To a client of before, the code is none that it knows to be worth a retry, so it
/// hears of a leader to wait for instead.
inline constexpr std::int16_t offset_not_available_version = 5;

[[nodiscard]] constexpr kafka::error_code list_offsets_refusal(kafka::error_code why,
                                                               std::int16_t version) {
    const bool is_unheard_of =
        why == kafka::error_code::offset_not_available && version < offset_not_available_version;
    return is_unheard_of ? kafka::error_code::leader_not_available : why;
}

}  // namespace verdikt::broker::server
