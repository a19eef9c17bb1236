#include "nemesis/agent/disk_acts.h"

#include "runtime/real/descriptor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace verdikt::nemesis::agent {

namespace {

constexpr unsigned long disk_flags = MS_NOSUID | MS_NODEV | MS_NOATIME;

std::unexpected<std::string> failure(std::string_view what) {
    return std::unexpected(fmt::format("{}: {}", what, std::strerror(errno)));
}

std::expected<void, std::string> set_size(const std::string& disk, std::uint64_t bytes) {
    const std::string options = fmt::format("size={}", bytes);
    if (::mount("tmpfs", disk.c_str(), "tmpfs", disk_flags | MS_REMOUNT, options.c_str()) == 0) {
        return {};
    }
    return failure("cannot change the size of " + disk);
}

std::expected<std::uint64_t, std::string> bytes_used(const std::string& disk) {
    struct statvfs told{};
    if (::statvfs(disk.c_str(), &told) != 0) return failure(disk);
    return (told.f_blocks - told.f_bfree) * told.f_frsize;
}

/// Whether the disk really refuses another byte.
bool refuses_a_byte(const std::string& disk) {
    const std::string path = disk + "/one-byte-more";
    constexpr mode_t mine = 0600;
    bool refused = false;
    {
        const runtime::real::descriptor file(
            ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mine));
        refused = file.number() < 0 ? errno == ENOSPC
                                    : ::write(file.number(), "x", 1) < 0 && errno == ENOSPC;
    }
    ::unlink(path.c_str());
    return refused;
}

class fill final : public act {
  public:
    explicit fill(const host& on) : on_(on) {}

    [[nodiscard]] exclusive uses() const override { return exclusive::disk; }

    runtime::awaitable<act_result> apply() override {
        const std::string& disk = on_.setup.disk;
        const auto used = bytes_used(disk);
        if (!used) co_return std::unexpected(used.error());
        // tmpfs takes 0 for "no limit", and a disk that holds nothing has a page's worth used.
        constexpr std::uint64_t page = 4096;
        const auto shrunk = set_size(disk, std::max(*used, page));
        if (!shrunk) co_return std::unexpected(shrunk.error());
        const bool refused = refuses_a_byte(disk);
        co_return evidence{
            .bit = refused,
            .text = fmt::format(
                "{} bytes used, {}", *used, refused ? "no byte more fits" : "room is left"),
            .counts = {{"bytes_used", static_cast<std::int64_t>(*used)}}};
    }

    runtime::awaitable<act_result> undo() override {
        const auto grown =
            set_size(on_.setup.disk, static_cast<std::uint64_t>(on_.setup.disk_bytes));
        if (!grown) co_return std::unexpected(grown.error());
        co_return evidence{.bit = false, .text = "there is room again", .counts = {}};
    }

  private:
    const host& on_;
};

}  // namespace

std::expected<void, std::string> mount_disk(const host_setup& setup) {
    std::error_code failed;
    std::filesystem::create_directories(setup.disk, failed);
    const std::string options = fmt::format("size={},mode=0755", setup.disk_bytes);
    if (failed || ::mount("tmpfs", setup.disk.c_str(), "tmpfs", disk_flags, options.c_str()) != 0) {
        return failure("cannot mount a disk at " + setup.disk);
    }
    return {};
}

std::unique_ptr<act> make_fill_disk(host& on) {
    return std::make_unique<fill>(on);
}

}  // namespace verdikt::nemesis::agent
