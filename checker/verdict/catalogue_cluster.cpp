#include "checker/verdict/catalogue_parts.h"

#include <array>

namespace verdikt::checker {

namespace {

constexpr std::array cluster_kinds{
    anomaly_kind{
        "no-progress",
        availability_model,
        "Everything had been healed, and for 30 s no write was acknowledged, or nothing at "
        "all succeeded, though it was asked for.",
        "What is healed serves again.",
        "nothing: no time is promised, so it leaves a run undecided and is no violation",
        harm::availability},
    anomaly_kind{"logs-differ",
                 replicas_model,
                 "Once everything had been healed and every broker had stopped in good order, two "
                 "replicas of a partition held different batches below the lowest of their high "
                 "watermarks, or one could not be read there. Of a compacted partition: different "
                 "records at one offset.",
                 "What is committed is the same on every replica.",
                 "any settings, as long as unclean elections are off; looked at in clusters of our "
                 "own brokers",
                 harm::content},
};

}  // namespace

std::span<const anomaly_kind> cluster_anomalies() {
    return cluster_kinds;
}

}  // namespace verdikt::checker
