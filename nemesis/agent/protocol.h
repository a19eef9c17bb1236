/// What is said between a lab and the agent on a node: one JSON object a line.
///
/// A request carries a number, and its answer the same one; answers come in any order, for ending a
/// broker takes longer than cutting a link. An answer holds either `ok` or `error`.
///
///     {"id":4,"do":"apply","act":7,"fault":{"kind":"drop-packets","from":[1,2],"percent":100},…}
///     {"id":4,"ok":{"bit":false,"text":"…","counts":{}}}
#pragma once

#include "nemesis/lab.h"

#include <nlohmann/json_fwd.hpp>

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::nemesis::agent {

/// What a host is told before its first broker starts.
struct host_setup {
    std::int32_t self = 0;
    std::map<std::int32_t, std::string> addresses;  ///< Of all hosts, by number.
    std::vector<std::uint16_t> ports;               ///< That its broker listens on.
    std::string device;           ///< Its network device; empty if the network is shared.
    std::string disk;             ///< Where its broker keeps its data.
    std::int64_t disk_bytes = 0;  ///< The size of a disk mounted there. 0: a plain folder.
    /// The broker. No words: the host has none.
    std::vector<std::string> broker;
    std::string output;  ///< The broker's.

    bool operator==(const host_setup&) const = default;
};

/// Each capability that a host lacks, with the reason.
using lacking = std::map<capability, std::string>;

[[nodiscard]] nlohmann::json to_json(const node_fault& what);
[[nodiscard]] nlohmann::json to_json(const evidence& what);
[[nodiscard]] nlohmann::json to_json(const host_setup& what);
[[nodiscard]] nlohmann::json to_json(const lacking& what);
[[nodiscard]] nlohmann::json to_json(const program_result& what);

/// These throw nlohmann::json::exception or std::invalid_argument if it is something else.
[[nodiscard]] node_fault node_fault_from(const nlohmann::json& from);
[[nodiscard]] evidence evidence_from(const nlohmann::json& from);
[[nodiscard]] host_setup host_setup_from(const nlohmann::json& from);
[[nodiscard]] lacking lacking_from(const nlohmann::json& from);
[[nodiscard]] program_result program_result_from(const nlohmann::json& from);

}  // namespace verdikt::nemesis::agent
