#include "tests/nemesis/isolated.h"

#include "nemesis/labs/isolation.h"
#include "runtime/real/run.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace verdikt::tests {

namespace {

using nemesis::labs::isolation;

constexpr unsigned nobody = 65534;

void become(identity who) {
    if (who == identity::root || ::geteuid() != 0) return;
    if (::setgroups(0, nullptr) != 0 || ::setgid(nobody) != 0 || ::setuid(nobody) != 0) {
        throw std::runtime_error("cannot become an ordinary user");
    }
    ::prctl(PR_SET_DUMPABLE, 1);  // As any process is that began as that user.
}

/// The exit code of a child that runs `body`.
int in_child(const std::function<int()>& body) {
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        int code = 1;
        try {
            code = body();
        } catch (const std::exception& error) {
            std::fprintf(stderr, "%s\n", error.what());
        }
        std::fflush(nullptr);
        ::_exit(code);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int run_body(const world_body& body) {
    const int code = runtime::real::run(
        {.node = "test"}, [&](runtime::real::world& world) -> runtime::awaitable<int> {
            co_await body(world);
            co_return testing::Test::HasFailure() ? 1 : 0;
        });
    return code;
}

}  // namespace

std::string to_text(identity who) {
    return who == identity::root ? "root" : "user";
}

shared_folder::shared_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "verdikt-nemesis-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
    ::chmod(path_.c_str(), 0777);
}

shared_folder::~shared_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string obstacle(identity who) {
    if (who == identity::root && ::geteuid() != 0) return "this is not root";
    const int code = in_child([&] {
        become(who);
        const auto found = nemesis::labs::probe_isolation();
        if (found.best != isolation::none) return 0;
        std::fprintf(stderr, "%s\n", found.reason.c_str());
        return 1;
    });
    return code == 0 ? "" : "the kernel allows no namespaces here (see above)";
}

int exit_code_as(identity who, bool isolate, const world_body& body) {
    return in_child([&] {
        become(who);
        if (!isolate) return run_body(body);
        return nemesis::labs::run_isolated(nemesis::labs::probe_isolation().best,
                                           [&] { return run_body(body); });
    });
}

void run_as(identity who, bool isolate, const world_body& body) {
    EXPECT_EQ(exit_code_as(who, isolate, body), 0) << "see what failed above";
}

std::vector<int> processes_with(const std::string& word) {
    std::vector<int> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        if (!std::ranges::all_of(name, [](char each) { return each >= '0' && each <= '9'; })) {
            continue;
        }
        std::ifstream file(entry.path() / "cmdline");
        const std::string line{std::istreambuf_iterator<char>(file),
                               std::istreambuf_iterator<char>()};
        if (line.contains(word)) found.push_back(std::stoi(name));
    }
    return found;
}

}  // namespace verdikt::tests
