#include "broker/controller/draft.h"

#include "runtime/check.h"
#include "runtime/parse_number.h"

#include <string>

namespace verdikt::broker::controller {

void draft::append(metadata::record which) {
    metadata::changes ignored;
    const auto applied = image_.apply(which, next_, ignored);
    CHECK(applied.has_value(),
          "{} at {}: {}",
          metadata::name(which),
          next_.offset,
          metadata::describe(applied.error()));
    next_.offset = next_.offset.next();
    records_.push_back(std::move(which));
}

std::int64_t min_insync_replicas(const metadata::image& image,
                                 const controller_settings& settings,
                                 std::string_view topic) {
    const std::string* text = image.find_topic_config(topic, "min.insync.replicas");
    if (text == nullptr) return settings.min_insync_replicas;
    // A value that is no number was refused when it was set.
    return runtime::parse_number<std::int64_t>(*text).value_or(settings.min_insync_replicas);
}

bool draft::unclean_election_enabled(std::string_view topic) const {
    const std::string* text = image_.find_topic_config(topic, "unclean.leader.election.enable");
    return text == nullptr ? settings_.unclean_leader_election_enable : *text == "true";
}

}  // namespace verdikt::broker::controller
