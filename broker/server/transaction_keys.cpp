/// Transactions.
#include "broker/server/broker_keys.h"
#include "broker/server/config_bounds.h"
#include "broker/server/config_choices.h"

#include <array>

namespace verdikt::broker::server {

namespace {

constexpr std::array declared_transaction_keys{
    config_key{.name = "transaction.state.log.num.partitions",
               .type = config_type::int32,
               .unit = "partitions",
               .fallback = "50",
               .min = 1,
               .max = 10000,
               .meaning = "Partitions of the topic that keeps transactions."},
    config_key{.name = "transaction.state.log.segment.bytes",
               .type = config_type::int32,
               .unit = "bytes",
               .fallback = "104857600",
               .min = 1,
               .max = int32_max,
               .meaning = "Segment size of the topic that keeps transactions."},
    config_key{.name = "transaction.state.log.replication.factor",
               .type = config_type::int16,
               .unit = "replicas",
               .min = 1,
               .max = 32767,
               .meaning = "Replicas of the topic that keeps transactions. Empty: 3, or 1 where "
                          "controller.quorum.voters names nobody else. (Kafka's default is 3.)"},
    config_key{.name = "transaction.state.log.min.isr",
               .type = config_type::int32,
               .unit = "replicas",
               .min = 1,
               .max = int32_max,
               .meaning = "Replicas of that topic which have to be in sync before a transaction "
                          "goes on. Empty: 2, or 1 where controller.quorum.voters names nobody "
                          "else. (Kafka's default is 2.)"},
    config_key{.name = "transaction.max.timeout.ms",
               .type = config_type::int32,
               .unit = "ms",
               .fallback = "900000",
               .min = 1,
               .max = int32_max,
               .meaning = "The longest transaction timeout that a producer may ask for."},
    config_key{.name = "transactional.id.expiration.ms",
               .type = config_type::int32,
               .unit = "ms",
               .fallback = "604800000",
               .min = 1,
               .max = int32_max,
               .meaning = "How long a transactional id that nobody uses is remembered."},
    config_key{.name = "transaction.abort.timed.out.transaction.cleanup.interval.ms",
               .type = config_type::int32,
               .unit = "ms",
               .fallback = "10000",
               .min = 1,
               .max = int32_max,
               .meaning = "Time between two looks for transactions that are open for too long."},
};

}  // namespace

std::span<const config_key> transaction_keys() {
    return declared_transaction_keys;
}

}  // namespace verdikt::broker::server
