// Programs that we start beside ourselves: how their end is told, and that none outlives us.
#include "runtime/deadline.h"
#include "runtime/real/child_process.h"
#include "runtime/real/run.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace verdikt::runtime::real {
namespace {

using std::chrono::milliseconds;

class real_child_process : public testing::Test {
  protected:
    real_child_process() { std::filesystem::create_directory(directory); }
    ~real_child_process() override { std::filesystem::remove_all(directory); }

    [[nodiscard]] std::string said() const {
        std::stringstream text;
        text << std::ifstream(output).rdbuf();
        return text.str();
    }
    using story = awaitable<void> (*)(real_child_process&, world&);
    void play(story what) {
        const int code = run({}, [this, what](world& here) { return tell(*this, here, what); });
        EXPECT_EQ(code, 0);
    }
    static awaitable<int> tell(real_child_process& test, world& here, story what) {
        co_await what(test, here);
        co_return 0;
    }

  public:
    [[nodiscard]] program_call shell(std::string script) const {
        return {.program = "/bin/sh", .arguments = {"-c", std::move(script)}, .output = output};
    }
    std::filesystem::path directory =
        std::filesystem::path(testing::TempDir()) / ("children-" + std::to_string(::getpid()));
    std::filesystem::path output = directory / "output";
    pid_t id = 0;
};

TEST_F(real_child_process, tells_the_exit_code_and_keeps_what_was_said) {
    play([](real_child_process& test, world& here) -> awaitable<void> {
        child_process child(here.get_executor(), test.shell("echo out; echo err >&2; exit 3"));
        const process_end end = co_await child.wait_for_end();
        EXPECT_EQ(end, (process_end{.exit_code = 3, .signal = 0}));
        EXPECT_EQ(co_await child.wait_for_end(), end) << "it can be asked again";
        EXPECT_EQ(describe(end), "with exit code 3");
    });
    EXPECT_EQ(said(), "out\nerr\n");
}

TEST_F(real_child_process, tells_the_signal_that_ended_it) {
    play([](real_child_process& test, world& here) -> awaitable<void> {
        child_process child(here.get_executor(), test.shell("sleep 100"));
        EXPECT_FALSE(child.end());
        child.send_signal(SIGTERM);
        const process_end end = co_await child.wait_for_end();
        EXPECT_EQ(end, (process_end{.exit_code = 0, .signal = SIGTERM}));
        EXPECT_EQ(describe(end), "by signal 15 (Terminated)");
    });
}

TEST_F(real_child_process, a_wait_can_be_given_up_and_taken_up_again) {
    play([](real_child_process& test, world& here) -> awaitable<void> {
        child_process child(here.get_executor(), test.shell("read line"));
        // Its input is empty, so it ends at once, and /bin/sh says 1.
        EXPECT_EQ((co_await child.wait_for_end()).exit_code, 1);
        child_process sleeper(here.get_executor(), test.shell("exec sleep 100"));
        const auto early = co_await with_deadline<process_end>(
            here, here.now() + milliseconds(20), sleeper.wait_for_end());
        EXPECT_FALSE(early);
        sleeper.send_signal(SIGKILL);
        EXPECT_EQ((co_await sleeper.wait_for_end()).signal, SIGKILL);
    });
}

TEST_F(real_child_process, what_still_runs_is_killed_with_its_owner) {
    play([](real_child_process& test, world& here) -> awaitable<void> {
        const child_process child(here.get_executor(), test.shell("exec sleep 100"));
        test.id = child.id();
        co_return;
    });
    EXPECT_EQ(::kill(id, 0), -1);
    EXPECT_EQ(errno, ESRCH) << "killed and reaped";
}

TEST_F(real_child_process, a_program_that_cannot_be_run_ends_as_in_a_shell) {
    play([](real_child_process& test, world& here) -> awaitable<void> {
        child_process child(
            here.get_executor(),
            {.program = test.directory / "nothing", .arguments = {}, .output = test.output});
        EXPECT_EQ((co_await child.wait_for_end()).exit_code, 127);
    });
}

TEST_F(real_child_process, an_output_that_cannot_be_written_is_an_error) {
    play([](real_child_process& test, world& here) -> awaitable<void> {
        program_call call = test.shell("true");
        call.output = test.directory / "missing" / "output";
        EXPECT_THROW(child_process(here.get_executor(), call), std::system_error);
        co_return;
    });
}

}  // namespace
}  // namespace verdikt::runtime::real
