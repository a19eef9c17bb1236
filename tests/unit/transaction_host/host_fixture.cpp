#include "tests/unit/transaction_host/host_fixture.h"

namespace verdikt::broker::coordinator::transactions {

void host_fixture::open() {
    host_ = std::make_unique<transaction_host>(world(), config_, log_, markers_, ids_, topics_);
    host_->start();
    const kafka::leader_epoch leadership(leaderships_++);
    for (std::int32_t index = 0; index < config_.state_partitions; ++index) {
        host_->partition_elected(kafka::partition_index(index), leadership);
    }
}

awaitable<void> host_fixture::close() {
    co_await host_->stop();
    host_.reset();
}

void host_fixture::resign() {
    for (std::int32_t index = 0; index < config_.state_partitions; ++index) {
        host_->partition_resigned(kafka::partition_index(index));
    }
}

awaitable<messages::init_producer_id_response> host_fixture::init(std::string id) {
    const messages::init_producer_id_request request{.transactional_id = std::move(id),
                                                     .transaction_timeout_ms = 60'000};
    auto answer = co_await host_->init_producer_id(request, 4);
    if (answer.error_code == 0) {
        producer = answer.producer_id;
        epoch = answer.producer_epoch;
    }
    co_return answer;
}

awaitable<error_code> host_fixture::add(std::int32_t partition) {
    messages::add_partitions_to_txn_request request;
    request.v3_and_below_transactional_id = "id";
    request.v3_and_below_producer_id = producer;
    request.v3_and_below_producer_epoch = epoch;
    request.v3_and_below_topics.push_back({.name = "topic", .partitions = {partition}});
    const auto answer = co_await host_->add_partitions_to_txn(request, 3);
    co_return error_code(
        answer.results_by_topic_v3_and_below.at(0).results_by_partition.at(0).partition_error_code);
}

awaitable<error_code> host_fixture::end(bool commit, std::int16_t version) {
    const messages::end_txn_request request{.transactional_id = "id",
                                            .producer_id = producer,
                                            .producer_epoch = epoch,
                                            .committed = commit};
    const auto answer = co_await host_->end_txn(request, version);
    co_return error_code(answer.error_code);
}

std::string host_fixture::state(const std::string& id) const {
    const auto described =
        host_->describe_transactions(messages::describe_transactions_request{{id}});
    return described.transaction_states.at(0).transaction_state;
}

}  // namespace verdikt::broker::coordinator::transactions
