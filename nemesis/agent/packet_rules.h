/// Rules for packets as the tool `nft` reads them: one table for each act, so that acts come and go
/// without touching each other's counters.
///
/// Pure. Rules stand at the receiver and keep no state of connections, so they cut those that are
/// open as well.
#pragma once

#include "nemesis/placement.h"

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::nemesis::agent {

using host_addresses = std::map<std::int32_t, std::string>;

/// Requires: every host of the fault has an address.
[[nodiscard]] std::string rules_of(std::uint64_t act,
                                   const drop_packets& what,
                                   const host_addresses& hosts);
[[nodiscard]] std::string rules_of(std::uint64_t act,
                                   const refuse_new_connections& what,
                                   const host_addresses& hosts,
                                   const std::vector<std::uint16_t>& ports);
[[nodiscard]] std::string removal_of(std::uint64_t act);

/// The arguments with which `nft` lists the counter of an act.
[[nodiscard]] std::vector<std::string> counter_query(std::uint64_t act);
/// How many packets a listed counter has counted.
[[nodiscard]] std::expected<std::int64_t, std::string> packets_counted(std::string_view listing);

}  // namespace verdikt::nemesis::agent
