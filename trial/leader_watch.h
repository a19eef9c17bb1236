/// Who led what, and under which epoch, as a client saw it: the bands of the report.
///
/// Asks again and again while the run lasts. Somebody who cannot be asked leaves no gap: a span
/// goes on until another leader is seen.
///
/// Requires: `watch` has returned before it is destroyed.
#pragma once

#include "checker/report/run.h"
#include "client/admin.h"
#include "runtime/environment.h"
#include "workloads/workload.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace verdikt::trial {

class leader_watch {
  public:
    /// More partitions than these make no page that one can read.
    static constexpr std::size_t partitions_max = 8;

    /// Times are counted from `began`. The environment outlives it.
    leader_watch(runtime::environment& world,
                 std::vector<std::string> servers,
                 const workloads::aims& aimed,
                 runtime::instant began);

    /// Until it is cancelled.
    runtime::awaitable<void> watch();

    /// What was seen, up to the time when it was last looked.
    [[nodiscard]] std::vector<checker::report::leadership> seen() const;

  private:
    runtime::awaitable<void> keep_looking(client::admin& asking);
    runtime::awaitable<void> look_at_controller(client::admin& asking);
    runtime::awaitable<void> look_at_partitions(client::admin& asking);
    void note(const std::string& what, std::int32_t leader, std::int32_t epoch);

    runtime::environment& world_;
    std::vector<std::string> servers_;
    std::set<std::string> topics_;
    std::set<std::string> partitions_;  ///< `orders/0`
    runtime::instant began_;
    /// By what is led; the last span of each is still open.
    std::map<std::string, std::vector<checker::report::leadership>> spans_;
};

}  // namespace verdikt::trial
