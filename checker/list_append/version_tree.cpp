#include "checker/list_append/version_tree.h"

#include <algorithm>
#include <utility>

namespace verdikt::checker::list_append {

std::expected<std::optional<std::uint32_t>, std::string> version_tree::number_of(
    message_table& values, std::uint32_t key, history::datum_view value, std::uint32_t row) {
    if (value.is_nil()) return std::nullopt;
    if (!value.is_vector()) return std::unexpected("a read that returned no list");
    if (key >= keys_.size()) keys_.resize(key + 1);
    std::uint32_t at = none;
    std::size_t depth = 0;
    bool on_branch = true;
    for (const history::datum_view element : value) {
        const branch& known = keys_[key];
        if (on_branch && depth < known.versions.size() && known.plain && element.is_integer() &&
            known.integers[depth] == element.integer()) {
            at = known.versions[depth];
        } else {
            at = step_down(values, key, at, element, row);
            // The key's branch may have grown; nothing else of it changed.
            const auto& versions = keys_[key].versions;
            on_branch = on_branch && depth < versions.size() && versions[depth] == at;
        }
        ++depth;
    }
    if (at == none) return std::nullopt;
    return at;
}

std::uint32_t version_tree::step_down(message_table& values,
                                      std::uint32_t key,
                                      std::uint32_t parent,
                                      history::datum_view element,
                                      std::uint32_t row) {
    const std::uint32_t value = values.number_of(key, element);
    const std::uint32_t eldest =
        parent == none ? keys_[key].first_root : versions_[parent].first_child;
    if (eldest != none && versions_[eldest].value == value) return eldest;
    const auto found = more_children_.find(place(parent, value));
    if (found != more_children_.end()) return found->second;
    const std::uint32_t fresh = add(key, parent, value, row);
    branch& known = keys_[key];
    const std::size_t length = versions_[fresh].length;
    const bool extends =
        known.versions.size() + 1 == length && (parent == none || known.versions.back() == parent);
    if (extends) {
        known.versions.push_back(fresh);
        known.plain = known.plain && element.is_integer();
        known.integers.push_back(element.is_integer() ? element.integer() : 0);
    }
    return fresh;
}

std::uint32_t version_tree::add(std::uint32_t key,
                                std::uint32_t parent,
                                std::uint32_t value,
                                std::uint32_t row) {
    const auto fresh = static_cast<std::uint32_t>(versions_.size());
    std::uint32_t& eldest = parent == none ? keys_[key].first_root : versions_[parent].first_child;
    if (eldest == none) {
        eldest = fresh;
    } else {
        more_children_.emplace(place(parent, value), fresh);
        note_fork(key, fresh);
    }
    const std::uint32_t length = parent == none ? 1 : versions_[parent].length + 1;
    versions_.push_back({.parent = parent, .value = value, .length = length, .row = row});
    std::uint32_t& longest = keys_[key].longest;
    if (longest == none || versions_[longest].length < length) longest = fresh;
    note_repeat(fresh);
    return fresh;
}

void version_tree::note_fork(std::uint32_t key, std::uint32_t fresh) {
    if (std::exchange(keys_[key].forked, true)) return;
    forks_.push_back({key, fresh});
}

void version_tree::note_repeat(std::uint32_t fresh) {
    const std::uint32_t value = versions_[fresh].value;
    if (value >= first_version_.size()) first_version_.resize(value + 1, none);
    if (first_version_[value] == none) {
        first_version_[value] = fresh;
        return;
    }
    std::uint32_t before = versions_[fresh].parent;
    while (before != none && versions_[before].value != value) before = versions_[before].parent;
    if (before != none) repeats_.push_back(fresh);
}

void version_tree::append_values(std::uint32_t version, std::vector<std::uint32_t>& into) const {
    const std::size_t before = into.size();
    for (; version != none; version = versions_[version].parent) {
        into.push_back(versions_[version].value);
    }
    std::reverse(into.begin() + static_cast<std::ptrdiff_t>(before), into.end());
}

// An element that was read once only stands in lists at least as long as the first one that ends
// with it, which is what nearly every call is told by.
bool version_tree::contains(std::uint32_t version, std::uint32_t value) const {
    if (value >= first_version_.size() || first_version_[value] == none) return false;
    const bool once = forks_.empty() && repeats_.empty();
    if (once) return versions_[version].length >= versions_[first_version_[value]].length;
    while (version != none && versions_[version].value != value)
        version = versions_[version].parent;
    return version != none;
}

}  // namespace verdikt::checker::list_append
