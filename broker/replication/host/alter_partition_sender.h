/// Takes the leaders' proposals to the controller: one request at a time, with all that wait.
///
/// Repeats nothing itself: the outcome of each attempt goes back to its partition, which knows what
/// it proves.
///
/// Lives in `replicas`, which runs it.
#pragma once

#include "broker/replication/host/replicas.h"

#include <map>
#include <vector>

namespace verdikt::broker::replication::host {

class alter_partition_sender {
  public:
    explicit alter_partition_sender(replicas& of, const replicas_surroundings& around)
        : of_(of), around_(around) {}

    /// Until cancelled.
    runtime::awaitable<void> run();
    void want(partition_ptr by, send_alter_partition what);

  private:
    struct proposal {
        partition_ptr by;
        send_alter_partition what;
    };
    using proposals = std::map<metadata::topic_partition_id, proposal>;

    [[nodiscard]] kafka::messages::alter_partition_request request_for(const proposals& some) const;
    static void hand_out(proposals some,
                         const std::optional<kafka::messages::alter_partition_response>& answer);

    replicas& of_;
    const replicas_surroundings& around_;
    proposals waiting_;
    runtime::notification changed_;
};

}  // namespace verdikt::broker::replication::host
