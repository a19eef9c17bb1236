#include "cli/subcommand.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace verdikt::cli {
namespace {

std::string greeted;

action declare_greet(flags& app) {
    auto name = std::make_shared<std::string>();
    app.add_option("--name", *name, "whom to greet").required();
    auto loudly = std::make_shared<bool>(false);
    app.group("how").add_flag("--loudly", *loudly, "shouts");
    return [name, loudly] {
        if (*name == "nobody") throw bad_arguments("there is nobody to greet");
        greeted = *name;
        return 7;
    };
}

constexpr std::array<subcommand, 1> known{{{"greet", "Says hello.", declare_greet}}};

int run(std::initializer_list<std::string_view> arguments) {
    return run_command_line(known, {arguments.begin(), arguments.size()});
}

TEST(command_line, runs_the_subcommand_and_returns_its_exit_code) {
    EXPECT_EQ(run({"greet", "--name", "Ada"}), 7);
    EXPECT_EQ(greeted, "Ada");
}

TEST(command_line, names_the_nearest_flag_after_an_unknown_one) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(run({"greet", "--name", "Ada", "--nmae=Bob"}), exit_bad_arguments);
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_NE(said.find("unknown flag '--nmae'; did you mean --name?"), std::string::npos) << said;
}

TEST(command_line, names_the_nearest_flag_of_a_group_of_flags_too) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(run({"greet", "--name", "Ada", "--loudy"}), exit_bad_arguments);
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_NE(said.find("did you mean --loudly?"), std::string::npos) << said;
}

TEST(command_line, names_the_nearest_subcommand_after_an_unknown_one) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(run({"great"}), exit_bad_arguments);
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_NE(said.find("'great'; did you mean greet?"), std::string::npos) << said;
}

TEST(command_line, reports_values_that_make_no_sense) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(run({"greet", "--name", "nobody"}), exit_bad_arguments);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "greet: there is nobody to greet\n");
}

TEST(command_line, says_which_required_flag_is_missing) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(run({"greet"}), exit_bad_arguments);
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_NE(said.find("--name"), std::string::npos) << said;
}

}  // namespace
}  // namespace verdikt::cli
