#include "broker/controller/elections.h"

#include "broker/controller/partition_change.h"
#include "kafka/error_codes.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <vector>

namespace verdikt::broker::controller {

namespace messages = kafka::messages;
using kafka::error_code;
using metadata::partition;
using metadata::topic_partition_id;

namespace {

std::optional<election> election_of(std::int8_t type) {
    if (type == 0) return election::preferred;
    if (type == 1) return election::unclean;
    return std::nullopt;
}

error_code elect(draft& into,
                 const metadata::topic& topic,
                 const topic_partition_id& which,
                 election asked) {
    const partition& present = *into.image().find_partition(which);
    const bool for_preferred = asked == election::preferred;
    const bool needed = for_preferred ? present.leader != present.replicas.front()
                                      : present.leader == kafka::no_node;
    if (!needed) return error_code::election_not_needed;
    partition_change change = change_of(into, topic, present);
    change.elect = asked;
    const bool can_lead = metadata::contains(present.isr, present.replicas.front()) &&
                          into.image().is_electable(present, present.replicas.front());
    if (for_preferred && !can_lead) return error_code::preferred_leader_not_available;
    append_change(into, which, change);
    return present.leader == kafka::no_node ? error_code::eligible_leaders_not_available
                                            : error_code::none;
}

class election_run {
  public:
    election_run(draft& into, election asked, bool reports_needless)
        : into_(into), asked_(asked), reports_needless_(reports_needless) {}

    void elect_in(const std::string& topic, const std::vector<std::int32_t>& partitions) {
        messages::elect_leaders_response::replica_election_result results{.topic = topic};
        for (const std::int32_t index : partitions) {
            const error_code result = elect_one(topic, index);
            if (result == error_code::election_not_needed && !reports_needless_) continue;
            auto& answer = results.partition_result.emplace_back();
            answer.partition_id = index;
            answer.error_code = kafka::to_wire(result);
            answer.error_message.reset();
            if (result != error_code::none) answer.error_message = kafka::describe(result);
        }
        if (!results.partition_result.empty())
            response_.replica_election_results.push_back(std::move(results));
    }

    messages::elect_leaders_response response() && { return std::move(response_); }

  private:
    error_code elect_one(const std::string& name, std::int32_t index) {
        const metadata::topic* topic = into_.image().find_topic(name);
        if (topic == nullptr) return error_code::unknown_topic_or_partition;
        const topic_partition_id which{topic->id, kafka::partition_index(index)};
        if (into_.image().find_partition(which) == nullptr)
            return error_code::unknown_topic_or_partition;
        return elect(into_, *topic, which, asked_);
    }

    draft& into_;
    election asked_;
    bool reports_needless_;
    messages::elect_leaders_response response_;
};

std::vector<std::int32_t> all_partitions(const metadata::topic& topic) {
    std::vector<std::int32_t> result;
    result.reserve(topic.partitions.size());
    for (std::size_t index = 0; index < topic.partitions.size(); ++index)
        result.push_back(static_cast<std::int32_t>(index));
    return result;
}

/// What a broker should lead, and which of that it does not.
struct share {
    std::size_t preferred = 0;
    std::vector<topic_partition_id> elsewhere;
};

std::map<kafka::node_id, share> shares_of(const metadata::image& image) {
    std::map<kafka::node_id, share> shares;
    for (const auto& [id, topic] : image.topics()) {
        for (std::size_t index = 0; index < topic.partitions.size(); ++index) {
            const partition& each = topic.partitions[index];
            share& of = shares[each.replicas.front()];
            ++of.preferred;
            if (each.leader != each.replicas.front())
                of.elsewhere.push_back(
                    {id, kafka::partition_index(static_cast<std::int32_t>(index))});
        }
    }
    return shares;
}

}  // namespace

messages::elect_leaders_response elect_leaders(draft& into,
                                               const messages::elect_leaders_request& request) {
    const auto asked = election_of(request.election_type);
    if (!asked) return {.error_code = kafka::to_wire(error_code::invalid_request)};
    election_run run(into, *asked, request.topic_partitions.has_value());
    if (request.topic_partitions) {
        for (const auto& topic : *request.topic_partitions)
            run.elect_in(topic.topic, topic.partitions);
    } else {
        for (const auto& [id, topic] : into.image().topics())
            run.elect_in(topic.name, all_partitions(topic));
    }
    return std::move(run).response();
}

void balance_leaders(draft& into) {
    const auto percentage =
        static_cast<std::size_t>(into.settings().leader_imbalance_per_broker_percentage);
    for (const auto& [broker, of] : shares_of(into.image())) {
        if (of.elsewhere.size() * 100 <= of.preferred * percentage) continue;
        for (const topic_partition_id& which : of.elsewhere)
            elect(into, *into.image().find_topic(which.topic), which, election::preferred);
    }
}

}  // namespace verdikt::broker::controller
