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

std::string greeted_and_left;

action declare_visit(flags& app) {
    struct chosen {
        std::string whom;
        bool come = false;
        bool go = false;
        bool quickly = false;
    };
    const auto told = std::make_shared<chosen>();
    app.add_option("--whom", told->whom, "whom to visit").required();
    app.act("come", told->come, "comes");
    app.act("go", told->go, "goes").add_flag("--quickly", told->quickly, "runs");
    app.require_act();
    return [told] {
        if (told->whom == "nobody") throw bad_arguments("there is nobody to visit");
        greeted_and_left = told->come ? "come" : told->quickly ? "run" : "go";
        greeted_and_left += " " + told->whom;
        return 0;
    };
}

constexpr std::array<subcommand, 2> known_subcommands{
    {{"greet", "Says hello.", declare_greet}, {"visit", "Comes and goes.", declare_visit}}};

int run(std::initializer_list<std::string_view> arguments) {
    return run_command_line(known_subcommands, {arguments.begin(), arguments.size()});
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

TEST(command_line, an_act_takes_its_own_flags_and_those_of_all_acts_behind_it) {
    EXPECT_EQ(run({"visit", "--whom", "Ada", "come"}), 0);
    EXPECT_EQ(greeted_and_left, "come Ada");
    EXPECT_EQ(run({"visit", "go", "--quickly", "--whom", "Bob"}), 0);
    EXPECT_EQ(greeted_and_left, "run Bob");
}

TEST(command_line, refuses_a_subcommand_without_its_act) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(run({"visit", "--whom", "Ada"}), exit_bad_arguments);
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_NE(said.find("visit: "), std::string::npos) << said;
}

TEST(command_line, names_the_nearest_act_and_the_nearest_flag_of_an_act) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(run({"visit", "--whom", "Ada", "comes"}), exit_bad_arguments);
    EXPECT_EQ(run({"visit", "--whom", "Ada", "go", "--quick"}), exit_bad_arguments);
    EXPECT_EQ(run({"visit", "go", "--whim", "Ada"}), exit_bad_arguments);
    EXPECT_EQ(run({"visit", "go", "--whom", "nobody"}), exit_bad_arguments);
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_NE(said.find("visit: unknown argument 'comes'; did you mean come?"), std::string::npos)
        << said;
    EXPECT_NE(said.find("visit go: unknown flag '--quick'; did you mean --quickly?"),
              std::string::npos)
        << said;
    EXPECT_NE(said.find("'--whim'; did you mean --whom?"), std::string::npos) << said;
    EXPECT_NE(said.find("See: verdikt visit go --help"), std::string::npos) << said;
    EXPECT_NE(said.find("visit go: there is nobody to visit"), std::string::npos) << said;
}

}  // namespace
}  // namespace verdikt::cli
