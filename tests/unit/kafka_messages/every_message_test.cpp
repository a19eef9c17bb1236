/// What holds for every message in every version.
#include "kafka/messages/catalogue.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/encode.h"
#include "tests/unit/kafka_messages/random_message.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace verdikt::kafka::messages {
namespace {

/// One message in one version.
struct message_case {
    const message_schema& schema;
    std::int16_t version;
    runtime::random_source& chance;

    [[nodiscard]] std::shared_ptr<void> random() const {
        return random_message(schema, version, chance);
    }
    [[nodiscard]] std::vector<std::byte> encode_it(const void* object) const {
        encoded out;
        const auto written = encode_object(object, schema, version, out);
        EXPECT_TRUE(written.has_value()) << (written ? "" : written.error().where);
        return out.bytes;
    }
};

template <typename Check>
void for_every_message(Check check) {
    runtime::random_source chance(42);
    for (const message_schema* schema : all_messages()) {
        for (int version = schema->versions.first; version <= schema->versions.last; ++version) {
            SCOPED_TRACE(fmt::format("{} version {}", schema->name(), version));
            check(message_case{*schema, static_cast<std::int16_t>(version), chance});
        }
    }
}

TEST(every_message, reads_back_what_it_wrote) {
    for_every_message([](const message_case& message) {
        for (int round = 0; round < 40; ++round) {
            const auto original = message.random();
            const auto bytes = message.encode_it(original.get());
            const auto copy = message.schema.make();
            buffer_reader reader(bytes);
            decode_object(reader, message.schema, message.version, copy.get());
            ASSERT_FALSE(reader.failed())
                << reader.error()->where << ": " << describe(reader.error()->what);
            EXPECT_EQ(reader.remaining(), 0U);
            EXPECT_TRUE(message.schema.body.equal(original.get(), copy.get()));
            EXPECT_EQ(message.encode_it(copy.get()), bytes);
        }
    });
}

TEST(every_message, cut_off_anywhere_is_an_error_and_nothing_worse) {
    for_every_message([](const message_case& message) {
        const auto bytes = message.encode_it(message.random().get());
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const auto copy = message.schema.make();
            buffer_reader reader(std::span(bytes).first(size));
            decode_object(reader, message.schema, message.version, copy.get());
            ASSERT_TRUE(reader.failed()) << size << " of " << bytes.size() << " bytes";
            EXPECT_FALSE(reader.error()->where.empty());
        }
    });
}

TEST(every_message, with_any_byte_changed_is_read_or_refused_but_never_crashes) {
    for_every_message([](const message_case& message) {
        const auto bytes = message.encode_it(message.random().get());
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            auto changed = bytes;
            changed[at] = static_cast<std::byte>(message.chance.next());
            const auto copy = message.schema.make();
            buffer_reader reader(changed);
            decode_object(reader, message.schema, message.version, copy.get());
            if (!reader.failed()) EXPECT_FALSE(message.encode_it(copy.get()).empty());
        }
    });
}

TEST(every_message, has_tags_in_ascending_order_in_its_tables) {
    for_every_message([](const message_case& message) {
        std::vector<const struct_schema*> left{&message.schema.body};
        while (!left.empty()) {
            const struct_schema& current = *left.back();
            left.pop_back();
            std::int32_t last_tag = -1;
            for (const field_schema& field : current.fields) {
                if (field.child != nullptr) left.push_back(field.child);
                if (field.tag < 0) continue;
                EXPECT_GT(field.tag, last_tag) << field.name;
                last_tag = field.tag;
            }
        }
    });
}

}  // namespace
}  // namespace verdikt::kafka::messages
