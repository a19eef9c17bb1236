#include "tests/real_client/broker_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace verdikt::tests {

namespace {

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::filesystem::path make_directory() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "verdikt-client-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    return pattern;
}

pid_t spawn(std::vector<std::string> words, const std::filesystem::path& log) {
    std::vector<char*> arguments;
    for (std::string& each : words) arguments.push_back(each.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(
        &files, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t started = -1;
    const int problem =
        ::posix_spawn(&started, arguments.front(), &files, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (problem != 0) throw std::runtime_error("cannot start " + words.front());
    return started;
}

}  // namespace

broker_process::broker_process() : directory_(make_directory()) {
    start();
}

broker_process::~broker_process() {
    end(SIGTERM);
    std::filesystem::remove_all(directory_);
}

void broker_process::start() {
    const std::filesystem::path log = directory_ / "log";
    std::filesystem::remove(log);
    process_ = spawn({VERDIKT_BROKER,
                      "--override",
                      "log.dirs=" + (directory_ / "data").string(),
                      "--override",
                      "listeners=PLAINTEXT://127.0.0.1:" + std::to_string(port_),
                      "--override",
                      "group.initial.rebalance.delay.ms=0"},
                     log);
    port_ = wait_for_port();
}

void broker_process::end(int signal) {
    ::kill(process_, signal);
    ::waitpid(process_, nullptr, 0);
}

void broker_process::kill_and_restart() {
    end(SIGKILL);
    start();
}

std::uint16_t broker_process::wait_for_port() const {
    static const std::regex listening(R"( listening listener=PLAINTEXT .*port=(\d+))");
    for (int tries = 0; tries < 1'200; ++tries) {
        const std::string text = content_of(directory_ / "log");
        std::smatch found;
        if (std::regex_search(text, found, listening)) {
            return static_cast<std::uint16_t>(std::stoi(found[1]));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    throw std::runtime_error("the broker did not come up: " + content_of(directory_ / "log"));
}

std::string broker_process::address() const {
    return "127.0.0.1:" + std::to_string(port_);
}

}  // namespace verdikt::tests
