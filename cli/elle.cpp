#include "cli/elle.h"

#include "runtime/deadline.h"
#include "runtime/real/child_process.h"
#include "runtime/real/run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace verdikt::cli {

namespace {

using checker::elle::answer;
using runtime::real::process_end;
namespace files = std::filesystem;

bool is_program(const files::path& path) {
    std::error_code ignored;
    return files::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

/// A name without a folder is looked for on the path.
std::optional<files::path> find_program(const std::string& name) {
    if (name.find('/') != std::string::npos) {
        return is_program(name) ? std::optional<files::path>(files::absolute(name)) : std::nullopt;
    }
    const char* const path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "" : path);
    std::string folder;
    while (std::getline(folders, folder, ':')) {
        const files::path candidate = files::path(folder.empty() ? "." : folder) / name;
        if (is_program(candidate)) return files::absolute(candidate);
    }
    return std::nullopt;
}

files::path output_of(const elle_question& question) {
    return question.history.string() + ".elle.txt";
}

// The heap's bound goes through the environment, since the program may be a script around Java.
runtime::real::program_call call_of(const elle_question& question) {
    return {.program = "/usr/bin/env",
            .arguments = {fmt::format("JAVA_TOOL_OPTIONS=-Xmx{}m", question.memory_mb),
                          question.program.string(),
                          "-m",
                          question.model,
                          "-c",
                          question.consistency_models,
                          question.history.string()},
            .output = output_of(question)};
}

/// Nothing if it had to be stopped. A script's own children go with it: they are one group.
runtime::awaitable<std::optional<process_end>> run_to_its_end(runtime::real::world& world,
                                                              const elle_question& question) {
    runtime::real::child_process process(world.get_executor(), call_of(question));
    auto waiting = process.wait_for_end();
    const auto deadline = world.now() + question.time_out;
    const auto end =
        co_await runtime::with_deadline<process_end>(world, deadline, std::move(waiting));
    ::kill(-process.id(), SIGKILL);
    co_return end;
}

std::string text_of(const files::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The first line that is no notice of ours to Java.
std::string first_line(const std::string& output) {
    std::istringstream lines(output);
    std::string line;
    while (std::getline(lines, line)) {
        const bool notice = line.starts_with("Picked up") || line.empty();
        if (!notice) return line;
    }
    return {};
}

std::string why_no_verdict(const elle_question& question,
                           const std::optional<process_end>& end,
                           const std::string& output) {
    if (!end) return fmt::format("it was stopped after {} s", question.time_out.count());
    const std::string said = first_line(output);
    return fmt::format("it ended {}{}", describe(*end), said.empty() ? "" : ": " + said);
}

}  // namespace

std::expected<std::optional<files::path>, std::string> find_elle(const std::string& asked) {
    const char* const named = std::getenv("VERDIKT_ELLE");
    const std::string name = !asked.empty() ? asked : named == nullptr ? "" : named;
    if (name.empty()) return find_program("elle-cli");
    if (auto found = find_program(name)) return found;
    return std::unexpected(
        fmt::format("{} is no program that can be run; scripts/get-elle fetches elle-cli, and "
                    "Java runs it",
                    name));
}

elle_reply ask_elle(const elle_question& question) {
    std::error_code ignored;
    files::remove(output_of(question), ignored);
    std::optional<process_end> end;
    const int ran = runtime::real::run({.node = "elle"},
                                       [&](runtime::real::world& world) -> runtime::awaitable<int> {
                                           end = co_await run_to_its_end(world, question);
                                           co_return 0;
                                       });
    if (ran != 0) return {answer::none, "it could not be started"};
    const std::string output = text_of(output_of(question));
    elle_reply reply{.says = checker::elle::find_answer(output, question.history.string())};
    // A line that was printed before it had to be stopped is no answer to rely on.
    if (!end) reply.says = answer::none;
    if (reply.says == answer::none) reply.why = why_no_verdict(question, end, output);
    if (reply.says == answer::unknown) reply.why = "it could not tell";
    return reply;
}

}  // namespace verdikt::cli
