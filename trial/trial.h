/// One trial: a lab is started, a workload runs while things break, everything is healed, what
/// there is is read, and the history is judged.
///
/// Verdicts that the history alone does not give:
///     infra         the lab failed, or refuses a fault that was asked for
///     inconclusive  the cluster never served; a kind of fault was drawn and never bit; too few
///                   operations; the run was cut short
/// A proven violation stands whatever else went wrong.
///
/// Used from one executor. The caller stops the lab: it can do so also where the trial was
/// cancelled.
#pragma once

#include "checker/history/reader.h"
#include "checker/report/run.h"
#include "nemesis/nemesis.h"
#include "trial/kinds.h"
#include "trial/leader_watch.h"
#include "workloads/load_options.h"
#include "workloads/recorder/recorder.h"
#include "workloads/workload.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::trial {

struct trial_options {
    std::string test = "queue";  ///< The name of the run.
    const kind* what = &queue_kind;
    workloads::load_options load;  ///< Its servers are those of the lab.
    std::chrono::milliseconds time_limit{60'000};
    /// Which kinds of faults are drawn. Absent: all that the lab can do. Empty: none.
    std::optional<std::vector<nemesis::fault_kind>> faults = {};
    /// Instead of a drawn one.
    std::optional<nemesis::schedule> schedule = {};
    std::chrono::milliseconds start_patience{60'000};
    std::chrono::milliseconds final_read_patience{60'000};
};

/// What somebody who watches wants to know.
struct progress {
    std::string doing;   ///< `starting the cluster`, `running`, …
    std::string faults;  ///< Those that are there now.
    workloads::outcome_counts counts;
};

class trial {
  public:
    /// References outlive it. `history` gets every line, as it happens.
    trial(runtime::environment& world,
          nemesis::lab& where,
          trial_options options,
          workloads::line_sink& history);
    ~trial();

    /// Up to the end of the final reads, with everything healed.
    runtime::awaitable<void> run();

    /// All that is known of the run but what its history shows, which `judge_run` (judging.h)
    /// adds. Of a run that has not ended: that it was cut short.
    [[nodiscard]] checker::report::run facts() const;

    /// Everything was healed and read in the end, as far as it could be.
    [[nodiscard]] bool complete() const { return complete_; }
    [[nodiscard]] progress look() const;
    /// The schedule that is carried out, once there is one.
    [[nodiscard]] const nemesis::schedule& schedule() const { return schedule_; }

  private:
    runtime::awaitable<bool> start();
    runtime::awaitable<void> break_things();
    runtime::awaitable<void> work_under_faults();
    [[nodiscard]] bool choose_schedule();
    void note(const nemesis::step_event& event);
    /// From where it began, if it did, to that event.
    [[nodiscard]] checker::report::fault_span span_of(const nemesis::step_event& event) const;
    void doubt_faults(std::vector<std::string>& reasons) const;
    [[nodiscard]] checker::report::named_values settings_shown() const;
    void fail(checker::verdict says, std::string why);

    runtime::environment& world_;
    nemesis::lab& raw_lab_;
    trial_options options_;
    workloads::recorder recorder_;
    std::unique_ptr<workloads::workload> workload_;
    std::unique_ptr<nemesis::lab> lab_;  ///< With our clients as one of its hosts.
    std::optional<leader_watch> leaders_;
    nemesis::schedule schedule_;
    runtime::instant began_;
    std::int64_t began_at_ = 0;

    std::string doing_ = "starting the cluster";
    bool complete_ = false;
    checker::verdict says_ = checker::verdict::valid;
    std::vector<std::string> reasons_;
    std::map<std::size_t, nemesis::step_event> open_;  ///< By step: began, not yet healed.
    std::vector<checker::report::fault_span> spans_;
};

}  // namespace verdikt::trial
