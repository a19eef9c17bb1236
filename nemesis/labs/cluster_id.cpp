#include "nemesis/labs/cluster_id.h"

#include "kafka/types.h"

namespace verdikt::nemesis::labs {

std::string draw_cluster_id(runtime::random_source& random) {
    for (;;) {
        kafka::uuid id;
        random.fill(id.bytes);
        // RFC 9562, section 5.4: version 4, variant 2.
        id.bytes[6] = (id.bytes[6] & std::byte{0x0f}) | std::byte{0x40};
        id.bytes[8] = (id.bytes[8] & std::byte{0x3f}) | std::byte{0x80};
        if (std::string text = kafka::to_text(id); !text.starts_with('-')) return text;
    }
}

}  // namespace verdikt::nemesis::labs
