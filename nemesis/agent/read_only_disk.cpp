#include "nemesis/agent/read_only_disk.h"

#include "nemesis/agent/process_acts.h"
#include "nemesis/agent/run_program.h"
#include "nemesis/agent/trial_disk.h"
#include "runtime/deadline.h"
#include "runtime/real/descriptor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

namespace verdikt::nemesis::agent {

namespace {

using namespace std::chrono_literals;
using runtime::real::descriptor;
using words = std::vector<std::string>;

/// Of files that are open already.
constexpr std::string_view refused_calls =
    "pwrite64,pwritev,pwritev2,ftruncate,fallocate,fsync,fdatasync";
/// Those that the view refuses; which of them there are depends on the machine.
constexpr std::string_view watched_calls =
    "?open,?openat,?mkdir,?mkdirat,?rename,?renameat,?renameat2,?unlink,?unlinkat,?rmdir,?truncate";
constexpr auto attach_patience = 5s;
constexpr auto detach_patience = 5s;
constexpr auto look_interval = 10ms;

std::unexpected<std::string> failure(const std::string& what) {
    return std::unexpected(fmt::format("{}: {}", what, std::strerror(errno)));
}

/// The view is read-only from the moment at which it is seen: else somebody might open a file for
/// writing through it, and it could not become so any more.
std::expected<void, std::string> cover(const std::string& disk) {
    const descriptor view(::open_tree(AT_FDCWD, disk.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
    if (view.number() < 0) return failure("cannot make a view of " + disk);
    mount_attr attributes{};
    attributes.attr_set = MOUNT_ATTR_RDONLY;
    if (::mount_setattr(view.number(), "", AT_EMPTY_PATH, &attributes, sizeof(attributes)) != 0) {
        return failure("cannot make a view read-only");
    }
    if (::move_mount(view.number(), "", AT_FDCWD, disk.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0) {
        return failure("cannot mount a view over " + disk);
    }
    return {};
}

/// Whoever still reads through the view may go on with that.
std::expected<void, std::string> uncover(const std::string& disk) {
    if (::umount2(disk.c_str(), MNT_DETACH) == 0) return {};
    return failure("cannot unmount the view of " + disk);
}

bool refuses_a_file(const std::string& disk) {
    const std::string path = disk + "/one-file-more";
    constexpr mode_t mine = 0600;
    const descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, mine));
    if (file.number() < 0) return errno == EROFS;
    ::unlink(path.c_str());
    return false;
}

/// `strace` looks a process's threads up by the numbers of its own /proc, and a host's numbers are
/// its own.
words refusing(pid_t process, const std::string& told) {
    return {"unshare",
            "--mount",
            "--mount-proc",
            "strace",
            "--follow-forks",
            "--string-limit=0",
            "--signal=none",
            "--failed-only",
            fmt::format("--trace={},{}", refused_calls, watched_calls),
            fmt::format("--inject={}:error=EROFS", refused_calls),
            fmt::format("--output={}", told),
            fmt::format("--attach={}", process)};
}

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::int64_t count(std::string_view text, std::string_view word) {
    std::int64_t found = 0;
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        ++found;
    }
    return found;
}

std::int64_t calls_refused(const std::string& told) {
    return count(text_of(told), "= -1 EROFS");
}

class freeze final : public act {
  public:
    freeze(act_id id, host& on)
        : on_(on),
          told_((std::filesystem::path(on.setup.output).parent_path() /
                 fmt::format("refused-writes-{}.log", id))
                    .string()),
          said_(told_ + ".errors") {}

    [[nodiscard]] exclusive uses() const override { return exclusive::disk; }

    /// The view lies there only while calls are watched, so that all it refuses is counted.
    runtime::awaitable<act_result> apply() override {
        if (!on_.broker->running()) co_return std::unexpected("the broker does not run");
        auto refused = co_await refuse_calls();
        if (refused) refused = cover(on_.setup.disk);
        if (!refused) {
            co_await stop_refusing();
            co_return std::unexpected(refused.error());
        }
        const bool works = refuses_a_file(on_.setup.disk);
        co_return evidence{.bit = false,
                           .text = works ? "the disk is read-only" : "the disk still takes files",
                           .counts = {}};
    }

    runtime::awaitable<act_result> undo() override {
        const auto uncovered = uncover(on_.setup.disk);
        co_await stop_refusing();
        if (!uncovered) co_return std::unexpected(uncovered.error());
        const std::int64_t refused = calls_refused(told_);
        std::string text = fmt::format("{} calls of the broker refused", refused);
        const bool gave_up = !on_.broker->running() && on_.broker->meant_to_run();
        // Calls of one that was started meanwhile were not counted.
        if (refused > 0 || gave_up || on_.broker->id() != victim_) {
            const auto again = co_await start_again();
            if (!again) co_return std::unexpected(again.error());
            text += *again;
        }
        co_return evidence{
            .bit = refused > 0, .text = std::move(text), .counts = {{"calls_refused", refused}}};
    }

  private:
    runtime::awaitable<std::expected<void, std::string>> refuse_calls() {
        victim_ = on_.broker->id();
        words call = refusing(victim_, told_);
        const auto program = find_program(call.front());
        if (!program) co_return std::unexpected("there is no program 'unshare'");
        call.erase(call.begin());
        try {
            refuser_.emplace(
                on_.world.get_executor(),
                runtime::real::program_call{
                    .program = *program, .arguments = std::move(call), .output = said_});
        } catch (const std::system_error& error) {
            co_return std::unexpected(error.what());
        }
        const auto until = on_.world.now() + attach_patience;
        while (!text_of(said_).contains(" attached")) {
            if (on_.world.now() >= until) {
                co_return std::unexpected("the broker's writes cannot be refused: " +
                                          text_of(said_));
            }
            co_await on_.world.sleep_for(look_interval);
        }
        co_return std::expected<void, std::string>();
    }

    /// In good order, or a call that waits to be refused would be lost.
    runtime::awaitable<void> stop_refusing() {
        if (!refuser_) co_return;
        refuser_->send_signal(SIGTERM);
        auto ended = [](runtime::real::child_process& which) -> runtime::awaitable<void> {
            (void)co_await which.wait_for_end();  // How does not matter.
        };
        (void)co_await runtime::with_deadline(
            on_.world, on_.world.now() + detach_patience, ended(*refuser_));
        refuser_.reset();
        std::error_code ignored;  // What it said at the beginning is of no use any more.
        std::filesystem::remove(said_, ignored);
    }

    /// But for one that another fault has taken down: that fault's undoing starts it.
    runtime::awaitable<std::expected<std::string, std::string>> start_again() {
        broker_process& broker = *on_.broker;
        if (!broker.meant_to_run()) co_return "; the broker is down for another reason";
        co_await broker.end(end_patience);
        const auto& ended = broker.last_end();
        const std::string end = ended ? describe(*ended) : "unseen";
        const auto started = broker.start();
        if (!started) co_return std::unexpected(started.error());
        co_return fmt::format(
            "; process {} ended {}, started again as {}", victim_, end, broker.id());
    }

    host& on_;
    std::string told_;
    std::string said_;
    pid_t victim_ = 0;
    std::optional<runtime::real::child_process> refuser_;
};

/// A process that writes to an open file, until that is refused or it has tried for long enough.
pid_t start_writing(const std::string& path) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    constexpr mode_t mine = 0600;
    constexpr int tries = 300;
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, mine);
    for (int at = 0; file >= 0 && at < tries; ++at) {
        if (::pwrite(file, "x", 1, 0) < 0) ::_exit(errno == EROFS ? 0 : 1);
        ::usleep(10'000);
    }
    ::_exit(1);
}

std::optional<std::string> try_refusing(const std::string& folder) {
    const pid_t writer = start_writing(folder + "/file");
    if (writer < 0) return "fork failed";
    const auto refused = run_or_reason(refusing(writer, "/dev/null"));
    int status = 0;
    while (::waitpid(writer, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return std::nullopt;
    return refused ? "a write was not refused" : refused.error();
}

std::optional<std::string> try_view(const std::string& folder) {
    if (const auto covered = cover(folder); !covered) return covered.error();
    const bool refused = refuses_a_file(folder);
    if (const auto uncovered = uncover(folder); !uncovered) return uncovered.error();
    return refused ? std::nullopt : std::optional<std::string>("a read-only view takes files");
}

}  // namespace

std::optional<std::string> try_read_only_disk() {
    if (!find_program("strace")) return "there is no program 'strace': install strace";
    constexpr std::int64_t room = 65536;
    return try_on_disk(room, [](const std::string& folder) {
        const auto without = try_view(folder);
        return without ? without : try_refusing(folder);
    });
}

std::unique_ptr<act> make_freeze_disk(act_id id, host& on) {
    return std::make_unique<freeze>(id, on);
}

}  // namespace verdikt::nemesis::agent
