#include "nemesis/labs/isolation.h"

#include "runtime/check.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <system_error>

namespace verdikt::nemesis::labs {

namespace {

constexpr int host_namespaces = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID;
constexpr int signal_base = 128;

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

void write_to(const char* path, std::string_view text) {
    const int file = ::open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) fail(path);
    const ssize_t written = ::write(file, text.data(), text.size());
    const int reason = errno;
    ::close(file);
    errno = reason;
    if (written != static_cast<ssize_t>(text.size())) fail(path);
}

/// We become root in there; outside, our files stay ours.
void enter_user_namespace() {
    const uid_t user = ::geteuid();
    const gid_t group = ::getegid();
    if (::unshare(CLONE_NEWUSER) != 0) fail("a user namespace");
    write_to("/proc/self/setgroups", "deny");
    write_to("/proc/self/uid_map", fmt::format("0 {} 1\n", user));
    write_to("/proc/self/gid_map", fmt::format("0 {} 1\n", group));
}

/// The loopback device of a fresh network is down.
void raise_loopback() {
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) fail("a socket");
    ifreq request{};
    std::strncpy(static_cast<char*>(request.ifr_name), "lo", IFNAMSIZ - 1);
    request.ifr_flags = IFF_UP;
    const int done = ::ioctl(socket, SIOCSIFFLAGS, &request);
    const int reason = errno;
    ::close(socket);
    errno = reason;
    if (done != 0) fail("the loopback device");
}

/// The process numbers change for the children only.
void enter_namespaces() {
    if (::unshare(host_namespaces) != 0) fail("namespaces");
    // Else our mounts would show outside.
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) fail("private mounts");
    raise_loopback();
}

sigset_t watched_signals() {
    sigset_t watched;
    ::sigemptyset(&watched);
    for (const int each : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD}) ::sigaddset(&watched, each);
    return watched;
}

int code_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : signal_base + WTERMSIG(status);
}

/// Stands for `child` until it ends, and reaps whatever else ends meanwhile. What a terminal sends
/// has reached the child as well; what a process sent to us it has not.
int stand_in_for(pid_t child, const sigset_t& watched) {
    for (;;) {
        int status = 0;
        for (pid_t ended = ::waitpid(-1, &status, WNOHANG); ended > 0;
             ended = ::waitpid(-1, &status, WNOHANG)) {
            if (ended == child) return code_of(status);
        }
        siginfo_t told{};
        const int number = ::sigwaitinfo(&watched, &told);
        if (number > 0 && number != SIGCHLD && told.si_code != SI_KERNEL) ::kill(child, number);
    }
}

/// In a fresh process, which dies with us. `body` must not return to our caller's code.
pid_t fork_with(const std::function<int()>& body, const sigset_t& before) {
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) fail("fork");
    if (child > 0) return child;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // 0: the parent is outside of our process numbers.
    if (::getppid() != parent && ::getppid() != 0) ::_exit(signal_base + SIGKILL);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    const int code = body();
    std::fflush(nullptr);
    ::_exit(code);
}

/// The first process in there, as whose child the run stands: it reaps, and with it all ends.
int run_under_init(const std::function<int()>& body) {
    const sigset_t watched = watched_signals();
    sigset_t before;
    ::sigprocmask(SIG_BLOCK, &watched, &before);
    const pid_t init = fork_with(
        [&] {
            ::sigprocmask(SIG_BLOCK, &watched, nullptr);
            return stand_in_for(fork_with(body, before), watched);
        },
        before);
    const int code = stand_in_for(init, watched);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    return code;
}

void enter(isolation how) {
    if (how == isolation::user_namespace) enter_user_namespace();
    enter_namespaces();
}

/// What speaks against it.
std::string objection(isolation how) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
    const pid_t child = ::fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        std::string reason;
        try {
            enter(how);
        } catch (const std::system_error& refused) {
            reason = refused.what();
        }
        (void)!::write(ends[1], reason.data(), reason.size());
        ::_exit(0);
    }
    ::close(ends[1]);
    std::array<char, 256> said{};
    const ssize_t count = ::read(ends[0], said.data(), said.size());
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    return {said.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
}

}  // namespace

isolation_found probe_isolation() {
    std::string not_root = "not root";
    if (::geteuid() == 0) {
        not_root = objection(isolation::root);
        if (not_root.empty()) return {.best = isolation::root, .reason = {}};
    }
    const std::string refused = objection(isolation::user_namespace);
    if (refused.empty()) return {.best = isolation::user_namespace, .reason = not_root};
    return {.best = isolation::none, .reason = not_root + "; " + refused};
}

int run_isolated(isolation how, const std::function<int()>& body) {
    CHECK(how != isolation::none);
    enter(how);
    return run_under_init(body);
}

int run_as_host(const std::function<int()>& body) {
    enter_namespaces();
    return run_under_init(body);
}

}  // namespace verdikt::nemesis::labs
