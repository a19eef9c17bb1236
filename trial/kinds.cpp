#include "trial/kinds.h"

#include "runtime/nearest_name.h"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace verdikt::trial {

namespace {

/// In the order in which they are listed.
constexpr std::array known{
    &queue_kind,
    &compaction_kind,
    &admin_kind,
    &mixed_durability_kind,
    &exactly_once_kind,
    &groups_kind,
    &list_append_kind,
    &rw_register_kind,
};

}  // namespace

std::span<const kind* const> all_kinds() {
    return known;
}

std::expected<const kind*, std::string> find_kind(std::string_view name) {
    std::vector<std::string_view> names;
    for (const kind* const each : known) {
        if (each->name == name) return each;
        names.push_back(each->name);
    }
    return std::unexpected(fmt::format(
        "unknown workload '{}'; did you mean {}?", name, runtime::nearest_name(name, names)));
}

}  // namespace verdikt::trial
