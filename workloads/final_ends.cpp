#include "workloads/final_ends.h"

#include "client/closing.h"
#include "workloads/clients.h"

#include <utility>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using runtime::awaitable;
using ends = std::map<client::topic_partition, kafka::offset>;

namespace {

constexpr runtime::duration rest_after_failure = 200ms;

awaitable<void> ask(runtime::environment& world,
                    client::consumer& of,
                    const client::partition_set& partitions,
                    runtime::instant deadline,
                    ends& into) {
    while (into.empty() && world.now() < deadline) {
        auto told = co_await of.end_offsets(partitions);
        if (told) {
            into = std::move(*told);
        } else {
            co_await world.sleep_for(rest_after_failure);
        }
    }
}

}  // namespace

client::client_config final_ends_settings(const load_options& load) {
    client::client_config made = consumer_settings(load, "final-ends");
    made.isolation_level = "read_uncommitted";
    return made;
}

awaitable<ends> final_ends(runtime::environment& world,
                           const load_options& load,
                           client::partition_set partitions,
                           runtime::instant deadline) {
    client::consumer asking(world, final_ends_settings(load));
    ends found;
    co_await client::use_and_close(asking, ask(world, asking, partitions, deadline, found));
    co_return found;
}

}  // namespace verdikt::workloads
