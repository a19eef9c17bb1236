#include "nemesis/agent/run_program.h"

#include "runtime/real/descriptor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace verdikt::nemesis::agent {

namespace {

using runtime::real::descriptor;
using clock = std::chrono::steady_clock;

constexpr int not_run = 127;
constexpr std::size_t output_max = 1 << 20;

struct channel {
    descriptor read;
    descriptor write;
};

std::optional<channel> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
    return channel{.read = descriptor(ends[0]), .write = descriptor(ends[1])};
}

/// A file in memory: the tool may read it when it likes, and nobody has to feed a pipe.
descriptor file_of(std::string_view text) {
    descriptor file(::memfd_create("input", MFD_CLOEXEC));
    if (file.number() < 0) return file;
    while (!text.empty()) {
        const ssize_t written = ::write(file.number(), text.data(), text.size());
        if (written < 0) return {};
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    ::lseek(file.number(), 0, SEEK_SET);
    return file;
}

[[noreturn]] void become(const std::vector<char*>& words, int input, int output, int errors) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(input, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(errors, STDERR_FILENO);
    ::execv(words.front(), words.data());
    ::_exit(not_run);
}

/// False once the other end is closed.
bool read_more(const descriptor& from, std::string& into) {
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(from.number(), buffer.data(), buffer.size());
    if (count < 0) return errno == EINTR;
    if (into.size() < output_max) into.append(buffer.data(), static_cast<std::size_t>(count));
    return count > 0;
}

/// False if the deadline came first.
bool read_all(channel& output, channel& errors, program_result& into, clock::time_point deadline) {
    std::array<pollfd, 2> ends{
        {{output.read.number(), POLLIN, 0}, {errors.read.number(), POLLIN, 0}}};
    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock::now());
        if (left.count() <= 0) return false;
        if (::poll(ends.data(), ends.size(), static_cast<int>(left.count())) < 0) continue;
        if (ends[0].revents != 0 && !read_more(output.read, into.output)) ends[0].fd = -1;
        if (ends[1].revents != 0 && !read_more(errors.read, into.errors)) ends[1].fd = -1;
    }
    return true;
}

int reap(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    constexpr int signal_base = 128;
    return WIFEXITED(status) ? WEXITSTATUS(status) : signal_base + WTERMSIG(status);
}

bool is_program(const std::string& path) {
    return ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::optional<std::string> find_program(std::string_view name) {
    if (name.contains('/')) {
        return is_program(std::string(name)) ? std::optional<std::string>(name) : std::nullopt;
    }
    const char* const given = std::getenv("PATH");
    const std::string path = std::string(given == nullptr ? "" : given) +
                             ":/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin";
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find(':', begin), path.size());
        const std::string candidate = fmt::format("{}/{}", path.substr(begin, end - begin), name);
        if (end > begin && is_program(candidate)) return candidate;
        begin = end + 1;
    }
    return std::nullopt;
}

std::expected<program_result, std::string> run_program(std::vector<std::string> words,
                                                       std::string_view input,
                                                       std::chrono::milliseconds patience) {
    const std::string name = words.front();
    const auto program = find_program(name);
    if (!program) return std::unexpected(fmt::format("there is no program '{}'", name));
    words.front() = *program;
    std::vector<char*> arguments;
    for (std::string& each : words) arguments.push_back(each.data());
    arguments.push_back(nullptr);
    const descriptor given = file_of(input);
    auto output = make_pipe();
    auto errors = make_pipe();
    if (given.number() < 0 || !output || !errors)
        return std::unexpected("no file descriptors left");
    const pid_t child = ::fork();
    if (child < 0) return std::unexpected(fmt::format("fork: {}", std::strerror(errno)));
    if (child == 0) {
        become(arguments, given.number(), output->write.number(), errors->write.number());
    }
    output->write = descriptor();
    errors->write = descriptor();
    program_result result;
    const bool in_time = read_all(*output, *errors, result, clock::now() + patience);
    if (!in_time) ::kill(child, SIGKILL);
    result.exit_code = reap(child);
    if (!in_time) return std::unexpected(fmt::format("{} did not end in time", name));
    return result;
}

std::expected<std::string, std::string> run_or_reason(std::vector<std::string> words,
                                                      std::string_view input) {
    const std::string call = fmt::format("{}", fmt::join(words, " "));
    auto ended = run_program(std::move(words), input);
    if (!ended) return std::unexpected(ended.error());
    if (ended->exit_code == 0) return std::move(ended->output);
    const std::string said = ended->errors.substr(0, ended->errors.find('\n'));
    return std::unexpected(fmt::format("{}: {}", call, said));
}

}  // namespace verdikt::nemesis::agent
