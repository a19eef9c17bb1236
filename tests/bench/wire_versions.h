/// In which versions the sections ask their questions: every server that is compared has them.
#pragma once

#include <cstdint>

namespace verdikt::bench {

inline constexpr std::int16_t create_topics_version = 4;
inline constexpr std::int16_t metadata_version = 9;

}  // namespace verdikt::bench
