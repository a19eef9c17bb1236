#include "librdkafka_load.h"

#include <librdkafka/rdkafka.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>
#include <vector>

namespace verdikt::bench {

namespace {

using property = std::pair<const char*, std::string>;

rd_kafka_t* make_client(rd_kafka_type_t type,
                        const std::vector<property>& properties,
                        void (*delivered)(rd_kafka_t*, const rd_kafka_message_t*, void*),
                        void* opaque) {
    std::array<char, 512> reason{};
    rd_kafka_conf_t* const configuration = rd_kafka_conf_new();
    for (const auto& [name, value] : properties) {
        const auto set =
            rd_kafka_conf_set(configuration, name, value.c_str(), reason.data(), reason.size());
        if (set != RD_KAFKA_CONF_OK) throw std::runtime_error(reason.data());
    }
    if (delivered != nullptr) rd_kafka_conf_set_dr_msg_cb(configuration, delivered);
    rd_kafka_conf_set_opaque(configuration, opaque);
    rd_kafka_t* const client = rd_kafka_new(type, configuration, reason.data(), reason.size());
    if (client == nullptr) throw std::runtime_error(reason.data());
    return client;
}

rd_kafka_topic_t* make_topic(rd_kafka_t* client, const char* acks) {
    rd_kafka_topic_conf_t* const configuration = rd_kafka_topic_conf_new();
    rd_kafka_topic_conf_set(configuration, "acks", acks, nullptr, 0);
    return rd_kafka_topic_new(client, std::string(bench_topic).c_str(), configuration);
}

void count_failures(rd_kafka_t* /*client*/, const rd_kafka_message_t* message, void* failed) {
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) ++*static_cast<std::size_t*>(failed);
}

constexpr int poll_ms = 100;
/// A batch that stays short of the number asked for is given after as long.
constexpr int consume_poll_ms = 10;
constexpr int idle_polls_max = 2000;
constexpr std::int32_t only_partition = 0;

}  // namespace

librdkafka_producer::librdkafka_producer(const std::string& servers, std::size_t batch_size) {
    std::vector<property> properties{{"log_level", "4"},
                                     {"linger.ms", "5"},
                                     {"batch.size", std::to_string(batch_size)},
                                     {"message.max.bytes", "4194304"},
                                     {"batch.num.messages", "1000000"},
                                     {"queue.buffering.max.messages", "1000000"}};
    if (servers.empty()) {
        properties.emplace_back("test.mock.num.brokers", "1");
    } else {
        properties.emplace_back("bootstrap.servers", servers);
    }
    client_ = make_client(RD_KAFKA_PRODUCER, properties, count_failures, &failed_);
    topic_ = make_topic(client_, "1");
}

librdkafka_producer::~librdkafka_producer() {
    rd_kafka_topic_destroy(topic_);
    rd_kafka_destroy(client_);
}

void librdkafka_producer::run(bytes value, std::size_t count) {
    for (std::size_t made = 0; made < count;) {
        // It neither copies nor frees the value, and does not write to it either.
        auto* const payload = const_cast<std::byte*>(value.data());
        const int refused =
            rd_kafka_produce(topic_, only_partition, 0, payload, value.size(), nullptr, 0, nullptr);
        if (refused == 0) {
            ++made;
        } else if (rd_kafka_last_error() == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            rd_kafka_poll(client_, poll_ms);
        } else {
            throw std::runtime_error(rd_kafka_err2str(rd_kafka_last_error()));
        }
    }
    while (rd_kafka_outq_len(client_) > 0) rd_kafka_poll(client_, poll_ms);
    if (failed_ > 0) throw std::runtime_error("records that librdkafka could not deliver");
}

librdkafka_consumer::librdkafka_consumer(const std::string& servers)
    : client_(make_client(RD_KAFKA_CONSUMER,
                          {{"bootstrap.servers", servers},
                           {"enable.partition.eof", "true"},
                           {"check.crcs", "false"},
                           {"fetch.message.max.bytes", "8388608"},
                           // A full queue makes it pause for a second.
                           {"queued.min.messages", "10000000"},
                           {"queued.max.messages.kbytes", "2097151"}},
                          nullptr,
                          nullptr)),
      topic_(make_topic(client_, "1")) {}

librdkafka_consumer::~librdkafka_consumer() {
    rd_kafka_topic_destroy(topic_);
    rd_kafka_destroy(client_);
}

double librdkafka_consumer::read_all() {
    using clock = std::chrono::steady_clock;
    std::array<rd_kafka_message_t*, 1000> messages{};
    clock::time_point first_came;
    std::size_t size = 0;
    int idle_polls = 0;
    bool at_end = false;
    rd_kafka_consume_start(topic_, only_partition, RD_KAFKA_OFFSET_BEGINNING);
    while (!at_end) {
        const ssize_t got = rd_kafka_consume_batch(
            topic_, only_partition, consume_poll_ms, messages.data(), messages.size());
        if (size == 0) first_came = clock::now();
        idle_polls = got > 0 ? 0 : idle_polls + 1;
        if (idle_polls > idle_polls_max) throw std::runtime_error("librdkafka reads nothing");
        for (ssize_t i = 0; i < got; ++i) {
            rd_kafka_message_t* const message = messages[static_cast<std::size_t>(i)];
            if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) size += message->len;
            at_end = at_end || message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
            rd_kafka_message_destroy(message);
        }
    }
    const std::chrono::duration<double> elapsed = clock::now() - first_came;
    rd_kafka_consume_stop(topic_, only_partition);
    return static_cast<double>(size) / elapsed.count();
}

}  // namespace verdikt::bench
