/// Answers to OffsetCommit and TxnOffsetCommit, which have the same shape.
#pragma once

#include "kafka/error_codes.h"

namespace verdikt::broker::coordinator {

/// Every partition with the same answer.
template <typename Response, typename Request>
[[nodiscard]] Response answer_each(const Request& request, kafka::error_code error) {
    Response response;
    for (const auto& topic : request.topics) {
        auto& answered = response.topics.emplace_back();
        answered.name = topic.name;
        for (const auto& partition : topic.partitions) {
            answered.partitions.push_back({partition.partition_index, kafka::to_wire(error)});
        }
    }
    return response;
}

/// What was accepted was not written after all.
template <typename Response>
void fail_accepted(Response& response, kafka::error_code outcome) {
    for (auto& topic : response.topics) {
        for (auto& partition : topic.partitions) {
            if (partition.error_code == 0) partition.error_code = kafka::to_wire(outcome);
        }
    }
}

}  // namespace verdikt::broker::coordinator
