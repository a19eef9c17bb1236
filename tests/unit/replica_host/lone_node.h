/// A node that leads all of its partitions, alone or in a cluster whose other brokers never speak.
#pragma once

#include "broker/link/node_links.h"
#include "broker/metadata/image.h"
#include "broker/replication/host/fetch_service.h"
#include "broker/replication/host/replicas.h"
#include "broker/storage/log_directory.h"
#include "kafka/records/batch_builder.h"
#include "runtime/sim/world.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::replication::host {

using kafka::error_code;
using kafka::offset;
using namespace std::chrono_literals;

struct sample_batch {
    int records = 1;
    int producer = -1;
    int sequence = -1;
    bool transactional = false;
};

[[nodiscard]] std::vector<std::byte> make_batch(const sample_batch& wish);
[[nodiscard]] kafka::uuid uuid_of(int number);

class lone_node : public testing::Test {
  protected:
    using body = std::function<runtime::awaitable<void>()>;

    /// One life of the process, with the image that was made before.
    void run(body what);

    // ---- Metadata. Before a life it is loaded, within one it is applied.

    void create_topic(const std::string& name, int id, std::vector<std::int32_t> replicas = {1});
    void elect(int topic, std::int32_t leader);
    void delete_topic(int id);

    // ---- Of a life.

    [[nodiscard]] partition_ptr partition(const std::string& topic = "topic") const {
        return here->find(kafka::topic_partition{topic, kafka::partition_index(0)});
    }
    runtime::awaitable<std::expected<appended, error_code>> append(
        sample_batch wish,
        required_acks acks = required_acks::all,
        std::optional<guard> verified = {});
    /// Appends and waits.
    runtime::awaitable<error_code> produce(sample_batch wish = {}, runtime::duration timeout = 1s);
    runtime::awaitable<kafka::messages::fetch_response> fetch(kafka::messages::fetch_request what,
                                                              runtime::duration wait = 0ms);
    static kafka::messages::fetch_request consumer_request(std::int64_t from,
                                                           const std::string& topic = "topic");
    runtime::awaitable<std::optional<kafka::messages::alter_partition_response>> answer_alteration(
        kafka::messages::alter_partition_request request);

    runtime::sim::world universe{1};
    runtime::sim::node& node = universe.add_node("broker");
    metadata::image image;
    partition_settings settings;
    runtime::environment* world = nullptr;
    storage::log_directory* directory = nullptr;
    replicas* here = nullptr;
    std::vector<std::string> leaderships;
    std::vector<kafka::uuid> failed_directories;
    std::vector<kafka::messages::alter_partition_request> alterations;

  private:
    void change(const std::vector<metadata::record>& records);
    runtime::awaitable<void> live(runtime::environment& env, body what);

    kafka::offset log_end_{1};
};

}  // namespace verdikt::broker::replication::host
