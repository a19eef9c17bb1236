/// librdkafka through its C API: everything that tests/interop/features.py names. See
/// client_program.py for how it speaks.
#include "conversation.h"

const char* address;
int nodes;
bool leaders_die;

int main(int count, char** words) {
    REQUIRE(count == 2, "usage: interop-librdkafka HOST:PORT,...");
    address = words[1];
    nodes = 1;
    for (const char* at = address; *at != '\0'; ++at) nodes += *at == ',';
    leaders_die = nodes > 1;
    say("version %s", rd_kafka_version_str());
    try_records();
    try_acks();
    try_idempotence();
    try_old_versions();
    try_transactions();
    rd_kafka_t* client =
        new_client(RD_KAFKA_PRODUCER, settings_of("client.id", "administrator", NULL));
    try_topics(client);
    try_offsets(client);
    try_group(client);
    try_group_administration(client);
    rd_kafka_destroy(client);
    return 0;
}
