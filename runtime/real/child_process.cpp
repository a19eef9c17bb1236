#include "runtime/real/child_process.h"

#include "runtime/real/descriptor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

namespace verdikt::runtime::real {

namespace {

constexpr int not_run = 127;  ///< As a shell says it.

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

struct standard_streams {
    int input;
    int output;
    int errors;
};

/// Between fork and exec, where only what is safe in a signal handler may be called.
[[noreturn]] void become(const std::vector<char*>& words,
                         const standard_streams& streams,
                         pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The parent may have died before the line above.
    if (::getppid() != parent) ::_exit(not_run);
    ::setpgid(0, 0);
    ::signal(SIGPIPE, SIG_DFL);
    ::dup2(streams.input, STDIN_FILENO);
    ::dup2(streams.output, STDOUT_FILENO);
    ::dup2(streams.errors, STDERR_FILENO);
    ::execv(words.front(), words.data());
    ::_exit(not_run);
}

pid_t start(const program_call& call) {
    std::vector<std::string> texts{call.program.string()};
    texts.insert(texts.end(), call.arguments.begin(), call.arguments.end());
    std::vector<char*> words;
    words.reserve(texts.size() + 1);
    for (std::string& text : texts) words.push_back(text.data());
    words.push_back(nullptr);
    constexpr mode_t readable_by_all = 0644;
    const descriptor input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const descriptor output(
        ::open(call.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, readable_by_all));
    if (input.number() < 0 || output.number() < 0) fail("cannot open " + call.output.string());
    const bool speaks = call.channel >= 0;
    const standard_streams streams{.input = speaks ? call.channel : input.number(),
                                   .output = speaks ? call.channel : output.number(),
                                   .errors = output.number()};
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) fail("fork");
    if (child == 0) become(words, streams, parent);
    return child;
}

process_end end_of(int status) {
    if (WIFSIGNALED(status)) return {.exit_code = 0, .signal = WTERMSIG(status)};
    return {.exit_code = WEXITSTATUS(status), .signal = 0};
}

/// Nothing if it was not asked to wait and the process still runs.
std::optional<process_end> reap(pid_t id, int options) {
    int status = 0;
    pid_t reaped = 0;
    do {
        reaped = ::waitpid(id, &status, options);
    } while (reaped < 0 && errno == EINTR);
    if (reaped != id) return std::nullopt;
    return end_of(status);
}

/// As pidfd_open(2), which glibc 2.36 declares without `extern "C"`.
int watch_process(pid_t id) {
    return static_cast<int>(::syscall(SYS_pidfd_open, id, 0));
}

}  // namespace

std::string describe(const process_end& end) {
    if (end.signal == 0) return fmt::format("with exit code {}", end.exit_code);
    const char* const name = ::sigdescr_np(end.signal);
    return fmt::format("by signal {} ({})", end.signal, name == nullptr ? "unknown" : name);
}

child_process::child_process(const executor& loop, const program_call& call)
    : id_(start(call)), watched_(loop) {
    // Nobody else waits for our children, so the id is still this one's.
    const int watched = watch_process(id_);
    if (watched >= 0) {
        watched_.assign(watched);
        return;
    }
    const int reason = errno;
    ::kill(id_, SIGKILL);
    reap(id_, 0);
    errno = reason;
    fail("pidfd_open");
}

child_process::~child_process() {
    if (end_) return;
    ::kill(id_, SIGKILL);
    reap(id_, 0);
}

awaitable<process_end> child_process::wait_for_end() {
    throw_if(co_await boost::asio::this_coro::cancellation_state);
    while (!end_) {
        const auto [error] =
            co_await watched_.async_wait(boost::asio::posix::descriptor_base::wait_read, frameless);
        if (error) throw boost::system::system_error(error);
        end_ = reap(id_, WNOHANG);
    }
    co_return *end_;
}

void child_process::send_signal(int number) noexcept {
    if (!end_) ::kill(id_, number);
}

std::filesystem::path own_program() {
    return std::filesystem::read_symlink("/proc/self/exe");
}

}  // namespace verdikt::runtime::real
