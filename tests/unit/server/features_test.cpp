// Features of the cluster: what ApiVersions tells is what has been agreed upon.
#include "kafka/messages/api_versions.h"
#include "kafka/messages/update_features.h"
#include "tests/unit/server/broker_fixture.h"

namespace verdikt::broker::server {
namespace {

namespace messages = kafka::messages;
using runtime::awaitable;
using runtime::environment;

constexpr std::int8_t safe_downgrade = 2;

awaitable<std::int16_t> lower_transaction_version(wire_client& client, std::int16_t level) {
    messages::update_features_request request{.timeout_ms = 1'000};
    request.feature_updates.push_back({.feature = "transaction.version",
                                       .max_version_level = level,
                                       .upgrade_type = safe_downgrade});
    const auto answer = co_await client.ask<messages::update_features_response>(request, 1);
    co_return answer.error_code;
}

/// Nothing where the feature is off.
awaitable<std::optional<std::int16_t>> told_transaction_version(wire_client& client) {
    const auto answer = co_await client.ask<messages::api_versions_response>(
        messages::api_versions_request{.client_software_name = "test",
                                       .client_software_version = "1"},
        3);
    for (const auto& feature : answer.finalized_features) {
        if (feature.name == "transaction.version") co_return feature.max_version_level;
    }
    co_return std::nullopt;
}

using features = broker_fixture;

TEST_F(features, are_told_at_the_level_that_was_agreed_upon) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        EXPECT_EQ(co_await told_transaction_version(client), 2);
        EXPECT_EQ(co_await lower_transaction_version(client, 1), 0);
        EXPECT_EQ(co_await told_transaction_version(client), 1);
        EXPECT_EQ(co_await lower_transaction_version(client, 0), 0);
        EXPECT_EQ(co_await told_transaction_version(client), std::nullopt);
    });
}

}  // namespace
}  // namespace verdikt::broker::server
