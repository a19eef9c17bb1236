#include "runtime/sim/directory_tree.h"

#include "runtime/check.h"

#include <algorithm>

namespace verdikt::runtime::sim {

void inode::change(int& count, int by) {
    count += by;
    CHECK(count >= 0);
    content.set_charged(links_ > 0 || handles_ > 0);
}

directory_tree::directory_tree(std::uint64_t pages_max)
    : budget_{.used = 0, .limit = pages_max}, root_(std::make_shared<directory>()) {}

directory_tree::~directory_tree() = default;

directory_tree::path directory_tree::normal(const path& at) {
    path clean = ("/" / at).lexically_normal();
    if (!clean.has_filename() && clean.has_relative_path()) clean = clean.parent_path();
    return clean;
}

directory_tree::entry directory_tree::lookup(const directory& in, const std::string& name) {
    const auto found = in.entries.find(name);
    return found == in.entries.end() ? entry{} : found->second;
}

std::shared_ptr<directory_tree::directory> directory_tree::find_directory(const path& at) const {
    std::shared_ptr<directory> here = root_;
    for (const path& part : normal(at).relative_path()) {
        here = lookup(*here, part.native()).folder;
        if (here == nullptr) return nullptr;
    }
    return here;
}

std::shared_ptr<directory_tree::directory> directory_tree::parent_of(const path& at) const {
    return find_directory(normal(at).parent_path());
}

// Changes one name without remembering what it meant before.
void directory_tree::set(directory& in, const std::string& name, const entry& to) {
    const entry before = lookup(in, name);
    if (to.file != nullptr) to.file->add_link();
    if (before.file != nullptr) before.file->drop_link();
    if (to.exists()) {
        in.entries[name] = to;
    } else {
        in.entries.erase(name);
    }
}

void directory_tree::apply(directory& in, std::vector<std::pair<std::string, entry>> wanted) {
    change undo;
    for (auto& [name, to] : wanted) {
        undo.emplace(undo.begin(), name, lookup(in, name));
        set(in, name, to);
    }
    in.unsynced.push_back(std::move(undo));
}

std::expected<std::shared_ptr<inode>, errc> directory_tree::open(const path& at, open_mode mode) {
    const auto parent = parent_of(at);
    if (parent == nullptr) return std::unexpected(errc::not_found);
    const std::string name = normal(at).filename().native();
    const entry found = lookup(*parent, name);
    if (found.folder != nullptr || name.empty()) return std::unexpected(errc::not_permitted);
    const bool creates = mode == open_mode::create || mode == open_mode::create_new;
    if (found.file == nullptr && !creates) return std::unexpected(errc::not_found);
    if (found.file != nullptr && mode == open_mode::create_new) {
        return std::unexpected(errc::already_exists);
    }
    if (found.file != nullptr) return found.file;
    auto made = std::make_shared<inode>(budget_);
    apply(*parent, {{name, {.file = made, .folder = nullptr}}});
    return made;
}

directory_tree::result directory_tree::replaceable(const entry& moved, const entry& target) {
    if (!target.exists()) return {};
    const bool same_kind = (moved.file != nullptr) == (target.file != nullptr);
    const bool in_use = target.folder != nullptr && !target.folder->entries.empty();
    if (!same_kind || in_use) return std::unexpected(errc::already_exists);
    return {};
}

directory_tree::result directory_tree::rename(const path& from, const path& to) {
    const auto source = parent_of(from);
    const auto target = parent_of(to);
    if (source == nullptr || target == nullptr) return std::unexpected(errc::not_found);
    const std::string old_name = normal(from).filename().native();
    const std::string new_name = normal(to).filename().native();
    const entry moved = lookup(*source, old_name);
    if (!moved.exists()) return std::unexpected(errc::not_found);
    if (source == target && old_name == new_name) return {};
    if (const auto allowed = replaceable(moved, lookup(*target, new_name)); !allowed)
        return allowed;
    if (source == target) {
        apply(*source, {{new_name, moved}, {old_name, {}}});
        return {};
    }
    set(*target, new_name, moved);
    set(*source, old_name, {});
    source->unsynced.clear();
    target->unsynced.clear();
    return {};
}

directory_tree::result directory_tree::remove(const path& at) {
    const auto parent = parent_of(at);
    if (parent == nullptr) return std::unexpected(errc::not_found);
    const std::string name = normal(at).filename().native();
    const entry found = lookup(*parent, name);
    if (!found.exists()) return std::unexpected(errc::not_found);
    if (found.folder != nullptr && !found.folder->entries.empty()) {
        return std::unexpected(errc::already_exists);
    }
    apply(*parent, {{name, {}}});
    return {};
}

void directory_tree::empty_out(directory& which) {
    while (!which.entries.empty()) {
        const auto [name, found] = *which.entries.begin();
        if (found.folder != nullptr) empty_out(*found.folder);
        apply(which, {{name, {}}});
    }
}

directory_tree::result directory_tree::remove_all(const path& at) {
    const auto found = find_directory(at);
    if (found == nullptr || found == root_) return remove(at);
    empty_out(*found);
    return remove(at);
}

directory_tree::result directory_tree::create_directories(const path& at) {
    std::shared_ptr<directory> here = root_;
    for (const path& part : normal(at).relative_path()) {
        const entry found = lookup(*here, part.native());
        if (found.file != nullptr) return std::unexpected(errc::already_exists);
        if (found.folder == nullptr) {
            apply(*here,
                  {{part.native(), {.file = nullptr, .folder = std::make_shared<directory>()}}});
        }
        here = lookup(*here, part.native()).folder;
    }
    return {};
}

directory_tree::result directory_tree::sync_directory(const path& at) {
    const auto found = find_directory(at);
    if (found == nullptr) return std::unexpected(errc::not_found);
    found->unsynced.clear();
    return {};
}

std::expected<std::vector<directory_entry>, errc> directory_tree::list(const path& at) const {
    const auto found = find_directory(at);
    if (found == nullptr) return std::unexpected(errc::not_found);
    std::vector<directory_entry> entries;
    entries.reserve(found->entries.size());
    for (const auto& [name, meaning] : found->entries) {
        const bool is_file = meaning.file != nullptr;
        const std::uint64_t size = is_file ? meaning.file->content.size() : 0;
        entries.push_back({.name = name, .is_directory = !is_file, .size = size});
    }
    return entries;
}

std::shared_ptr<inode> directory_tree::find_file(const path& at) const {
    const auto parent = parent_of(at);
    return parent == nullptr ? nullptr : lookup(*parent, normal(at).filename().native()).file;
}

bool directory_tree::is_directory(const path& at) const {
    return find_directory(at) != nullptr;
}

void directory_tree::collect(const directory& in, const path& at, std::vector<path>& found) {
    for (const auto& [name, meaning] : in.entries) {
        if (meaning.file != nullptr) found.push_back(at / name);
        if (meaning.folder != nullptr) collect(*meaning.folder, at / name, found);
    }
}

std::vector<directory_tree::path> directory_tree::files_below(const path& at) const {
    std::vector<path> found;
    const auto top = find_directory(at);
    if (top != nullptr) collect(*top, normal(at), found);
    std::ranges::sort(found);
    return found;
}

directory_tree::damage directory_tree::lose_power(random_source& random) {
    damage done;
    undo_names(*root_, random, done);
    lose_contents(*root_, random, done);
    return done;
}

// Top down, because a directory that comes back brings unsynced changes of its own along.
void directory_tree::undo_names(directory& in, random_source& random, damage& done) {
    const std::uint64_t kept = random.below(in.unsynced.size() + 1);
    while (in.unsynced.size() > kept) {
        for (const auto& [name, before] : in.unsynced.back()) set(in, name, before);
        in.unsynced.pop_back();
        ++done.names_undone;
    }
    in.unsynced.clear();
    for (auto& [name, meaning] : in.entries) {
        if (meaning.folder != nullptr) undo_names(*meaning.folder, random, done);
    }
}

void directory_tree::lose_contents(directory& in, random_source& random, damage& done) {
    for (auto& [name, meaning] : in.entries) {
        if (meaning.folder != nullptr) lose_contents(*meaning.folder, random, done);
        if (meaning.file == nullptr) continue;
        const power_loss_damage file = meaning.file->content.lose_power(random);
        done.sectors_lost += file.sectors_lost;
        done.sectors_kept += file.sectors_kept;
        done.files_torn += file.torn() ? 1 : 0;
    }
}

}  // namespace verdikt::runtime::sim
