#include "child_process.h"

#include "system_failure.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace verdikt::bench {

namespace {

cpu_set_t processors_at_start() {
    static const cpu_set_t at_start = [] {
        cpu_set_t set;
        CPU_ZERO(&set);
        if (::sched_getaffinity(0, sizeof(set), &set) != 0) fail("sched_getaffinity");
        return set;
    }();
    return at_start;
}

/// The nth processor that we may use.
std::optional<int> processor(int wanted) {
    const cpu_set_t ours = processors_at_start();
    if (CPU_COUNT(&ours) < 2) return std::nullopt;
    for (int number = 0; number < CPU_SETSIZE; ++number) {
        if (CPU_ISSET(number, &ours) && wanted-- == 0) return number;
    }
    return std::nullopt;
}

/// Between fork and exec. Returns only if the program could not be started.
void become(const std::vector<char*>& words, int output, std::optional<int> processor) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    run_on(processor);
    ::execv(words.front(), words.data());
}

}  // namespace

child_process::child_process(const std::string& program,
                             const std::vector<std::string>& arguments,
                             std::optional<int> processor) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe2");
    start(program, arguments, ends[1], processor);
    ::close(ends[1]);
    output_ = ends[0];
}

child_process::child_process(const std::string& program,
                             const std::vector<std::string>& arguments,
                             std::optional<int> processor,
                             const std::filesystem::path& output) {
    const int file = ::open(output.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) fail("open");
    start(program, arguments, file, processor);
    ::close(file);
}

void child_process::start(const std::string& program,
                          const std::vector<std::string>& arguments,
                          int output,
                          std::optional<int> processor) {
    std::vector<char*> words{const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments) {
        words.push_back(const_cast<char*>(argument.c_str()));
    }
    words.push_back(nullptr);
    (void)processors_at_start();
    id_ = ::fork();
    if (id_ < 0) fail("fork");
    if (id_ == 0) {
        become(words, output, processor);
        ::_exit(127);
    }
}

child_process::~child_process() {
    kill();
    if (output_ >= 0) ::close(output_);
}

void child_process::kill() {
    end(SIGKILL);
}

void child_process::terminate() {
    end(SIGTERM);
}

void child_process::send_signal(int number) {
    ::kill(id_, number);
}

void child_process::end(int signal) {
    if (id_ < 0) return;
    ::kill(id_, signal);
    while (::waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
    }
    id_ = -1;
}

std::string child_process::wait_for_line(std::string_view text) {
    std::string last;
    while (auto line = take_line()) {
        if (line->contains(text)) return *line;
        last = std::move(*line);
    }
    throw std::runtime_error(fmt::format("the program ended without '{}': {}", text, last));
}

std::optional<std::string> child_process::take_line() {
    std::size_t end = unread_.find('\n');
    while (end == std::string::npos) {
        std::array<char, 4096> buffer;
        const ssize_t count = ::read(output_, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return std::nullopt;
        unread_.append(buffer.data(), static_cast<std::size_t>(count));
        end = unread_.find('\n');
    }
    std::string line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    return line;
}

double child_process::cpu_seconds() const {
    clockid_t clock{};
    if (::clock_getcpuclockid(id_, &clock) != 0) fail("clock_getcpuclockid");
    timespec used{};
    if (::clock_gettime(clock, &used) != 0) fail("clock_gettime");
    return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

std::uint64_t child_process::own_memory() const {
    // proc(5): "RssAnon:     1234 kB".
    std::ifstream status(fmt::format("/proc/{}/status", id_));
    std::string name;
    std::uint64_t kibibytes = 0;
    while (status >> name) {
        if (name == "RssAnon:" && status >> kibibytes) return kibibytes << 10;
    }
    throw std::runtime_error("/proc does not say how much memory the program has");
}

std::size_t child_process::open_descriptors() const {
    const std::filesystem::directory_iterator all(fmt::format("/proc/{}/fd", id_));
    return static_cast<std::size_t>(
        std::distance(std::filesystem::begin(all), std::filesystem::end(all)));
}

std::string program_beside_us(std::string_view name) {
    return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / name).string();
}

void run_on(std::optional<int> processor) {
    cpu_set_t set = processors_at_start();
    if (processor) {
        CPU_ZERO(&set);
        CPU_SET(*processor, &set);
    }
    // Not being allowed to choose is no reason not to measure.
    (void)::sched_setaffinity(0, sizeof(set), &set);
}

std::optional<int> processor_of_servers() {
    return processor(1);
}

std::optional<int> processor_of_load() {
    return processor(0);
}

}  // namespace verdikt::bench
