#include "workloads/admin/admin_words.h"

namespace verdikt::workloads {

using checker::history::datum;

namespace {

void add_configs(datum& into, const std::map<std::string, std::optional<std::string>>& configs) {
    into.open_map();
    for (const auto& [name, value] : configs) {
        into.add_keyword(name);
        value ? into.add_text(*value) : into.add_nil();
    }
    into.close();
}

void open_about(datum& into, kafka::node_id broker) {
    into.open_map();
    into.add_keyword("broker");
    into.add_integer(broker.value());
}

}  // namespace

datum value_of(const topic_change& what) {
    datum made;
    made.open_map();
    made.add_keyword("topic");
    made.add_text(what.topic);
    if (what.f == "create-topic" || what.f == "create-partitions") {
        made.add_keyword("partitions");
        made.add_integer(what.partitions);
    }
    if (what.f == "create-topic" || what.f == "alter-configs") {
        made.add_keyword("configs");
        add_configs(made, what.configs);
    }
    made.close();
    return made;
}

datum value_of_question(kafka::node_id broker, const std::set<std::string>& topics) {
    datum made;
    open_about(made, broker);
    made.add_keyword("topics");
    made.open_vector();
    for (const std::string& each : topics) made.add_text(each);
    made.close();
    made.close();
    return made;
}

datum value_of_answer(kafka::node_id broker, const topic_shapes& shapes) {
    datum made;
    open_about(made, broker);
    made.add_keyword("topics");
    made.open_map();
    for (const auto& [topic, partitions] : shapes) {
        made.add_keyword(topic);
        partitions ? made.add_integer(*partitions) : made.add_nil();
    }
    made.close();
    made.close();
    return made;
}

datum value_of_answer(kafka::node_id broker, const topic_configs& configs) {
    datum made;
    open_about(made, broker);
    made.add_keyword("configs");
    made.open_map();
    for (const auto& [topic, told] : configs) {
        made.add_keyword(topic);
        told ? add_configs(made, *told) : made.add_nil();
    }
    made.close();
    made.close();
    return made;
}

}  // namespace verdikt::workloads
