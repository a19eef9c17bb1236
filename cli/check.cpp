/// `verdikt check`: judges a history that somebody recorded, without a cluster.
#include "checker/availability/availability.h"
#include "cli/elle_opinion.h"
#include "cli/judged_file.h"
#include "cli/judgement_text.h"
#include "cli/models.h"
#include "cli/subcommands.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace verdikt::cli {

namespace {

struct check_options {
    std::string file;
    std::string model = "kafka";
    std::string format = "text";
    asked_settings asked;
    elle_options elle;
};

/// A fact, whatever was promised.
void note_longest_outages(checker::availability::watch& watching, checker::judgement& judged) {
    for (const auto& one : watching.finish().kinds) {
        if (!one.longest) continue;
        judged.notes.push_back(
            fmt::format("{}: asked for, and nothing succeeded, for {:.3f} s from "
                        "{:.3f} s on; the longest of {} such stretches",
                        one.name,
                        static_cast<double>(one.longest->length()) / 1e9,
                        static_cast<double>(one.longest->from) / 1e9,
                        one.outages));
    }
}

int judge(const check_options& options) {
    check_consistency_model(options.asked);
    judged_file source(options.file);
    const auto recorded = open_judged_file(options.file, source);
    checker::availability::watch watching({});
    checker::availability::watched_reader reader(*recorded, watching);
    auto judgement = model_named(options.model).judge(reader, options.asked);
    if (!judgement) refuse_history(options.file, judgement.error());
    checker::judgement& judged = *judgement;
    if (reader.cut_short()) {
        judged.notes.emplace_back("the last line was cut short and left out");
    }
    note_longest_outages(watching, judged);
    if (options.model == "list-append" || options.model == "rw-register") {
        add_elle_opinion(options.file, options.model, options.elle, options.asked, judged);
    }
    const std::string text =
        options.format == "json" ? judgement_as_json(judged) : judgement_as_text(judged);
    std::fputs(text.c_str(), stdout);
    return exit_code_of(judged.says);
}

}  // namespace

action declare_check(flags& app) {
    const auto options = std::make_shared<check_options>();
    app.add_option("file,--file",
                   options->file,
                   "The history: NDJSON, a JSON array or EDN; - is standard input")
        .required();
    app.add_option("--model", options->model, "What the history is about").one_of(model_names());
    app.add_option("--format", options->format, "How the judgement is printed")
        .one_of({"text", "json"});
    app.add_option("--acks", options->asked.acks, "What producers asked for")
        .one_of({"0", "1", "all"});
    app.add_option("--isolation-level", options->asked.isolation_level, "What consumers asked for")
        .one_of({"read_committed", "read_uncommitted"});
    app.add_flag(
        "--no-idempotence", options->asked.no_idempotence, "Producers were not idempotent");
    app.add_flag(
        "--no-txn", options->asked.no_transactions, "Outputs and offsets are in no transaction");
    app.add_flag(
        "--enable-auto-commit", options->asked.auto_commit, "Consumers commit by themselves");
    app.add_flag(
        "--unclean-elections", options->asked.unclean_elections, "Unclean elections were on");
    app.add_flag(
        "--log-append-time", options->asked.log_append_time, "Timestamps are LogAppendTime");
    app.add_option("--sub-via",
                   options->asked.sub_via,
                   "How consumers got their partitions; by default as each process did last")
        .one_of({"recorded", "assign", "subscribe"});
    app.add_option(
           "--final-reads",
           options->asked.final_reads,
           "Whether every partition was read to its end at last: 'made' where it is known, by "
           "default what the history shows")
        .one_of({"recorded", "made"});
    app.add_option(
        "--sends-min", options->asked.sends_min, "Fewer that succeeded are inconclusive");
    app.add_option(
        "--polls-min", options->asked.polls_min, "Fewer that succeeded are inconclusive");
    app.add_option("--consistency-model",
                   options->asked.consistency_model,
                   "What transactions were promised, one model or several parted by commas "
                   "(list-append, rw-register)");
    app.add_flag("--wfr-keys",
                 options->asked.writes_follow_reads,
                 "Assume that a transaction writes a key after it read it (rw-register)");
    app.add_flag("--sequential-keys",
                 options->asked.sequential_keys,
                 "Assume that each process sees a key's versions in order (rw-register)");
    app.add_flag("--linearizable-keys",
                 options->asked.linearizable_keys,
                 "Assume that all see a key's versions in the order of real time (rw-register)");
    declare_elle_options(app, options->elle);
    return [options] { return judge(*options); };
}

}  // namespace verdikt::cli
