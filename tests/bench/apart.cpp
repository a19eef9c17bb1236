#include "apart.h"

#include "system_failure.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <string>

namespace verdikt::bench {

namespace {

/// Of this process. Just after a fork it is what it has.
std::uint64_t peak_memory() {
    // proc(5): "VmHWM:     1234 kB".
    std::ifstream status("/proc/self/status");
    std::string name;
    std::uint64_t kibibytes = 0;
    while (status >> name) {
        if (name == "VmHWM:" && status >> kibibytes) return kibibytes << 10;
    }
    throw std::runtime_error("/proc does not say how much memory a process has");
}

cost cost_here(const std::function<done_apart()>& work) {
    const std::uint64_t memory = peak_memory();
    const std::clock_t began = std::clock();
    const done_apart done = work();
    const double all = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
    return {.result = done.result,
            .seconds = all - done.free_seconds,
            .peak_bytes = peak_memory() - memory};
}

}  // namespace

cost cost_apart(const std::function<done_apart()>& work) {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) fail("pipe");
    const pid_t child = ::fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        const cost found = cost_here(work);
        const auto written = ::write(pipe[1], &found, sizeof found);
        ::_exit(written == sizeof found ? 0 : 1);
    }
    cost found;
    ::close(pipe[1]);
    const bool told = ::read(pipe[0], &found, sizeof found) == sizeof found;
    ::close(pipe[0]);
    ::waitpid(child, nullptr, 0);
    if (!told) throw std::runtime_error("a process that was to be measured died");
    return found;
}

}  // namespace verdikt::bench
