/// Topics, partitions and configurations, made and unmade, and asked for at each broker.
///
/// Operations (checker/admin/recording.h has their shapes):
///     create-topic, delete-topic, create-partitions, alter-configs   by the one process that owns
///                      the topic's name; once it does not know what became of a change, the name
///                      is left alone and the process is over
///     describe-topics, describe-configs   one question to one broker, sent once
///     crash            the process ends without a goodbye
///
/// A change `fail`s only where its refusal says that the request makes no sense. Any other error is
/// `info`: a broker hands changes on to the controller, and may do so twice.
///
/// In the end a topic is made that has never been there before, and each broker is asked for
/// everything until it shows that topic: from then on it has to know of all the rest.
#pragma once

#include "runtime/environment.h"
#include "workloads/load_options.h"
#include "workloads/recorder/recorder.h"
#include "workloads/workload.h"

#include <memory>
#include <string>

namespace verdikt::workloads {

struct admin_options {
    load_options load = {};
    std::string prefix = "managed";  ///< Of all topics' names.
    /// Operations a second, by all together, whatever the load says: changes cost a cluster much.
    double rate_max = 40;
    std::int32_t partitions_max = 5;
    double describe_chance = 0.5;
    double crash_chance = 0.003;  ///< That a process crashes instead of its next operation.
};

/// Requires: world and history outlive it.
[[nodiscard]] std::unique_ptr<workload> make_admin(runtime::environment& world,
                                                   admin_options plan,
                                                   recorder& history);

}  // namespace verdikt::workloads
