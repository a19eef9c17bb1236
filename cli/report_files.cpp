#include "cli/report_files.h"

#include "checker/report/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <vector>

namespace verdikt::cli {

namespace {

namespace report = checker::report;

class file_source : public checker::history::byte_source {
  public:
    explicit file_source(const std::filesystem::path& path) : file_(path, std::ios::binary) {}

    [[nodiscard]] bool is_open() const { return file_.is_open(); }
    [[nodiscard]] std::expected<std::size_t, std::string> read(std::span<char> into) override {
        file_.read(into.data(), static_cast<std::streamsize>(into.size()));
        if (file_.bad()) return std::unexpected("cannot be read");
        return static_cast<std::size_t>(file_.gcount());
    }

  private:
    std::ifstream file_;
};

std::vector<std::filesystem::path> node_folders(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> found;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        if (entry.path().filename().string().starts_with("node-")) found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
}

std::expected<void, std::string> write_file(const std::filesystem::path& path,
                                            const std::string& text) {
    // Whoever looks meanwhile sees the old one whole, or the new one.
    const std::filesystem::path fresh = path.string() + ".new";
    std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    std::error_code failure;
    if (file) std::filesystem::rename(fresh, path, failure);
    if (!file || failure) return std::unexpected(path.string() + ": cannot be written");
    return {};
}

}  // namespace

std::filesystem::path history_in(const std::filesystem::path& folder) {
    std::error_code ignored;
    const bool exported = !std::filesystem::exists(folder / "history.ndjson", ignored) &&
                          std::filesystem::exists(folder / "history.edn", ignored);
    return folder / (exported ? "history.edn" : "history.ndjson");
}

std::expected<void, std::string> write_report(const std::filesystem::path& folder,
                                              const report::run& what) {
    const std::filesystem::path path = history_in(folder);
    file_source history(path);
    if (!history.is_open()) return std::unexpected(path.string() + ": cannot be read");
    std::vector<std::unique_ptr<file_source>> sources;
    std::vector<report::node_log> logs;
    for (const std::filesystem::path& node : node_folders(folder)) {
        auto source = std::make_unique<file_source>(node / "broker.log");
        if (!source->is_open()) continue;
        std::string name = node.filename().string();
        name[name.find('-')] = ' ';
        logs.push_back({.node = std::move(name), .lines = source.get()});
        sources.push_back(std::move(source));
    }
    const report::report made = report::make_report(what, history, logs);
    if (auto written = write_file(folder / "report.html", made.html); !written) return written;
    return write_file(folder / "results.json", made.json);
}

}  // namespace verdikt::cli
