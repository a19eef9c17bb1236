/// The names on a simulated disk, and which of them a power loss may undo.
///
/// A directory remembers every change since it was last synced, with what was there before. A power
/// loss keeps some first part of them and undoes the rest, each directory by itself. A rename
/// within one directory is one change. One across directories makes all changes of both durable, as
/// one journal transaction would.
///
/// Paths are absolute. Nothing here takes time or fails by chance: that is the disk's business.
#pragma once

#include "runtime/clock.h"
#include "runtime/errc.h"
#include "runtime/files.h"
#include "runtime/random.h"
#include "runtime/sim/file_content.h"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::runtime::sim {

/// A file apart from its names. Its space counts while it has a name or somebody has it open.
class inode {
  public:
    explicit inode(page_budget& budget) : content(budget) {}

    void add_link() { change(links_, +1); }
    void drop_link() { change(links_, -1); }
    void add_handle() { change(handles_, +1); }
    void drop_handle() { change(handles_, -1); }

    file_content content;
    /// When the last operation on it so far completes: they are carried out in order.
    instant last_due{};

  private:
    void change(int& count, int by);

    int links_ = 0;
    int handles_ = 0;
};

class directory_tree {
  public:
    explicit directory_tree(std::uint64_t pages_max);
    directory_tree(const directory_tree&) = delete;
    directory_tree& operator=(const directory_tree&) = delete;
    ~directory_tree();

    using path = std::filesystem::path;
    using result = std::expected<void, errc>;

    std::expected<std::shared_ptr<inode>, errc> open(const path& at, open_mode mode);
    result rename(const path& from, const path& to);
    result remove(const path& at);
    result remove_all(const path& at);
    result create_directories(const path& at);
    result sync_directory(const path& at);
    [[nodiscard]] std::expected<std::vector<directory_entry>, errc> list(const path& at) const;
    [[nodiscard]] std::shared_ptr<inode> find_file(const path& at) const;
    [[nodiscard]] bool is_directory(const path& at) const;
    [[nodiscard]] std::vector<path> files_below(const path& at) const;

    struct damage {
        std::uint64_t sectors_lost = 0;
        std::uint64_t sectors_kept = 0;
        std::uint64_t files_torn = 0;
        std::uint64_t names_undone = 0;
    };
    damage lose_power(random_source& random);

    [[nodiscard]] page_budget& budget() { return budget_; }
    [[nodiscard]] const page_budget& budget() const { return budget_; }

  private:
    struct directory;

    /// A name's meaning: one of the two, or nothing.
    struct entry {
        std::shared_ptr<inode> file;
        std::shared_ptr<directory> folder;

        [[nodiscard]] bool exists() const { return file != nullptr || folder != nullptr; }
    };

    /// What names meant before one change, in the order in which to put them back.
    using change = std::vector<std::pair<std::string, entry>>;

    struct directory {
        std::map<std::string, entry> entries;
        std::vector<change> unsynced;
    };

    [[nodiscard]] static path normal(const path& at);
    [[nodiscard]] std::shared_ptr<directory> find_directory(const path& at) const;
    [[nodiscard]] std::shared_ptr<directory> parent_of(const path& at) const;
    static entry lookup(const directory& in, const std::string& name);
    static void set(directory& in, const std::string& name, const entry& to);
    static void apply(directory& in, std::vector<std::pair<std::string, entry>> wanted);
    static void empty_out(directory& which);
    static result replaceable(const entry& moved, const entry& target);
    void undo_names(directory& in, random_source& random, damage& done);
    void lose_contents(directory& in, random_source& random, damage& done);
    static void collect(const directory& in, const path& at, std::vector<path>& found);

    page_budget budget_;
    std::shared_ptr<directory> root_;
};

}  // namespace verdikt::runtime::sim
