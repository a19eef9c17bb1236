/// librdkafka as a load: the client that most programs use, and a reference that is not ours, since
/// it brings a broker of its own (test.mock.num.brokers: in the same process, in memory, no disk).
#pragma once

#include "requests.h"

#include <cstddef>
#include <memory>
#include <string>

struct rd_kafka_s;
struct rd_kafka_topic_s;

namespace verdikt::bench {

class librdkafka_producer {
  public:
    /// `servers` as for bootstrap.servers; empty for the built-in broker. Throws if it cannot
    /// start.
    librdkafka_producer(const std::string& servers, std::size_t batch_size);
    librdkafka_producer(const librdkafka_producer&) = delete;
    librdkafka_producer& operator=(const librdkafka_producer&) = delete;
    ~librdkafka_producer();

    /// Produces `count` records and returns once all are acknowledged. Throws if one is not.
    void run(bytes value, std::size_t count);

  private:
    rd_kafka_s* client_;
    rd_kafka_topic_s* topic_;
    std::size_t failed_ = 0;
};

class librdkafka_consumer {
  public:
    /// Of partition 0.
    explicit librdkafka_consumer(const std::string& servers);
    librdkafka_consumer(const librdkafka_consumer&) = delete;
    librdkafka_consumer& operator=(const librdkafka_consumer&) = delete;
    ~librdkafka_consumer();

    /// Bytes of values a second, from the first record of the partition to the last. The clock runs
    /// from the first one's arrival: to start anew costs librdkafka up to a second of waiting.
    double read_all();

  private:
    rd_kafka_s* client_;
    rd_kafka_topic_s* topic_;
};

}  // namespace verdikt::bench
