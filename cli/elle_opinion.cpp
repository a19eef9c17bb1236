#include "cli/elle_opinion.h"

#include "checker/elle/elle_history.h"
#include "checker/elle/second_opinion.h"
#include "checker/transactions/wording.h"
#include "cli/elle.h"
#include "cli/judged_file.h"
#include "cli/subcommand.h"
#include "runtime/real/temporary_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace verdikt::cli {

namespace {

using checker::judgement;

void write_for_elle(const std::string& file,
                    const std::string& model,
                    const std::filesystem::path& into) {
    judged_file source(file);
    const auto reader = open_judged_file(file, source);
    using checker::elle::dialect;
    checker::elle::elle_history history(model == "list-append" ? dialect::list_append
                                                               : dialect::rw_register);
    std::ofstream out(into, std::ios::binary | std::ios::trunc);
    checker::history::operation line;
    std::string text;
    while (reader->next(line).value_or(false)) {
        history.take(line, text);
        out << text;
        text.clear();
    }
    history.finish(text);
    out << text;
    out.close();
    if (!out) throw bad_arguments(fmt::format("{} cannot be written", into.string()));
}

/// Why Elle can say nothing of that history; empty if it can.
std::string reason_not_to_ask(const std::string& file,
                              const asked_settings& asked,
                              const judgement& judged) {
    const auto is_phantom = [](const checker::finding& one) { return one.name == "phantom"; };
    if (std::ranges::any_of(judged.violations, is_phantom)) {
        return "it crashes on a value that nobody wrote, or does not see it";
    }
    const auto is_ambiguous = [](const std::string& doubt) {
        return doubt.find("written more than once") != std::string::npos;
    };
    if (std::ranges::any_of(judged.doubts, is_ambiguous)) {
        return "it crashes on values that were written more than once";
    }
    if (file == "-") return "standard input cannot be read twice";
    if (asked.consistency_model.find("kafka-log") != std::string::npos) {
        return "kafka-log is a model of ours";
    }
    const auto tells_offsets = [](const auto& count) {
        return count.first == checker::transactions::offsets_counted;
    };
    if (std::ranges::any_of(judged.counts, tells_offsets)) {
        return "it does not look at offsets, which tell the order of versions";
    }
    if (asked.writes_follow_reads || asked.sequential_keys || asked.linearizable_keys) {
        return "elle-cli has no flags for assumptions about keys";
    }
    return {};
}

}  // namespace

void declare_elle_options(flags& app, elle_options& options) {
    app.add_option("--elle",
                   options.elle,
                   "The program elle-cli, for a second opinion on list-append and rw-register; by "
                   "default what VERDIKT_ELLE names, or elle-cli on the path");
    app.add_flag("--no-elle", options.no_elle, "Do not ask Elle").excludes("--elle");
    app.add_option("--elle-time-out-s", options.time_out_s, "Elle is stopped after this")
        .positive();
    app.add_option("--elle-memory-mb", options.memory_mb, "The heap that Elle gets").positive();
}

void add_elle_opinion(const std::string& file,
                      const std::string& model,
                      const elle_options& options,
                      const asked_settings& asked,
                      judgement& judged) {
    if (options.no_elle) return;
    const auto program = find_elle(options.elle);
    if (!program) throw bad_arguments(program.error());
    const auto& found = *program;
    if (!found) return;
    const std::string reason = reason_not_to_ask(file, asked, judged);
    if (!reason.empty()) {
        judged.notes.push_back(fmt::format("Elle was not asked: {}", reason));
        return;
    }
    const runtime::real::temporary_folder folder("elle");
    const elle_question question{.program = *found,
                                 .model = model,
                                 .consistency_models = asked.consistency_model,
                                 .history = folder.path() / "history.edn",
                                 .time_out = std::chrono::seconds(options.time_out_s),
                                 .memory_mb = options.memory_mb};
    write_for_elle(file, model, question.history);
    const elle_reply reply = ask_elle(question);
    checker::elle::add_second_opinion(reply.says, reply.why, judged);
}

}  // namespace verdikt::cli
