/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector-test-util.h"

#include "stateroom-container-page.h"
#include "stateroom-overview-data.h"
#include "stateroom-overview.h"
#include "stateroom-value-page.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MEGABYTE ((guint64) 1000 * 1000)

static void
test_overview (InspectorFixture *fixture, gconstpointer data)
{
  StateroomOverview *page = STATEROOM_OVERVIEW (inspector_test_select (fixture, NULL));
  StateroomFacts *scalars = stateroom_overview_get_scalars (page);
  StateroomFacts *facts = stateroom_overview_get_file_facts (page);

  g_assert_cmpstr (stateroom_facts_get_value (scalars, "epoch"), ==, "9");
  g_assert_cmpstr (stateroom_facts_get_value (facts, "Kind"), ==, ckpt_tree_get_kind_of_file (fixture->tree));
  g_assert_cmpstr (stateroom_facts_get_value (facts, "byteorder"), ==, "little");
  g_assert_true (g_str_has_suffix (
      stateroom_overview_get_code (page),
      "ckpt = torch.load(\"cuda1_multi_item.pt\", map_location=\"cpu\", weights_only=True)"));
  g_assert_nonnull (strstr (stateroom_overview_get_headline (page), " values · "));
  g_assert_nonnull (strstr (stateroom_overview_get_headline (page), "float32"));
}

/* The figures are those of expected/cuda1_multi_item.pt.json. */
static void
test_tensor (InspectorFixture *fixture, gconstpointer data)
{
  StateroomTensorPage *page = STATEROOM_TENSOR_PAGE (
      inspector_test_select (fixture, "[\"model_state_dict\"][\"conv1.weight\"]"));
  StateroomFacts *facts = stateroom_tensor_page_get_storage_facts (page);

  inspector_test_assert_figure (page, "Count", "450");
  inspector_test_assert_figure (page, "Min", "−0.1163");
  inspector_test_assert_figure (page, "Max", "0.1205");
  inspector_test_assert_figure (page, "Mean", "−0.001721");
  inspector_test_assert_figure (page, "Std", "0.06715");
  inspector_test_assert_figure (page, "NaN", "0");
  inspector_test_assert_figure (page, "Inf", "0");
  inspector_test_assert_figure (page, "Zeros", "0");
  g_assert_cmpstr (inspector_test_get_card_page (page), ==, "plot");
  g_assert_cmpstr (stateroom_facts_get_value (facts, "Location"), ==, "cuda:1");
  g_assert_cmpstr (stateroom_facts_get_value (facts, "Stride"), ==, "(75, 25, 5, 1)");
  g_assert_nonnull (strstr (stateroom_facts_get_value (facts, "Bytes"), "1,800"));
}

/* The figures are those of expected/special_values.pt.json: of eight values some are no ordinary numbers. */
static void
test_special_values (InspectorFixture *fixture, gconstpointer data)
{
  StateroomTensorPage *page = STATEROOM_TENSOR_PAGE (inspector_test_select (fixture, "[\"f32\"]"));

  inspector_test_assert_figure (page, "Count", "8");
  inspector_test_assert_figure (page, "NaN", "1 · 12 %");
  inspector_test_assert_figure (page, "Inf", "2 · 25 %");
  inspector_test_assert_figure (page, "Zeros", "2 · 25 %");
  inspector_test_assert_figure (page, "Min", "−1.5");
  inspector_test_assert_figure (page, "Max", "3.4e38");

  page = STATEROOM_TENSOR_PAGE (inspector_test_select (fixture, "[\"all_nan\"]"));
  inspector_test_assert_figure (page, "NaN", "5");
  inspector_test_assert_figure (page, "Mean", "–");
  g_assert_cmpstr (inspector_test_get_card_page (page), ==, "plot");
}

/* Every button of a page says what it does. */
static void
check_names (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget))
    {
      const char *label = gtk_button_get_label (GTK_BUTTON (widget));
      const char *tooltip = gtk_widget_get_tooltip_text (widget);
      gboolean is_inner = gtk_widget_get_ancestor (widget, GTK_TYPE_DROP_DOWN) != NULL ||
                          gtk_widget_get_ancestor (widget, ADW_TYPE_TOGGLE_GROUP) != NULL;

      g_assert_true (label != NULL || tooltip != NULL || is_inner);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_names (child);
}

static void
test_buttons_have_names (InspectorFixture *fixture, gconstpointer data)
{
  check_names (inspector_test_select (fixture, NULL));
  check_names (inspector_test_select (fixture, "[\"epoch\"]"));
  check_names (inspector_test_select (fixture, "[\"model_state_dict\"]"));
  check_names (inspector_test_select (fixture, "[\"model_state_dict\"][\"conv1.weight\"]"));
}

static void
test_container (InspectorFixture *fixture, gconstpointer data)
{
  StateroomContainerPage *page = STATEROOM_CONTAINER_PAGE (
      inspector_test_select (fixture, "[\"model_state_dict\"]"));
  StateroomFacts *facts = stateroom_container_page_get_facts (page, CKPT_STEP_KEY);

  g_assert_cmpuint (stateroom_facts_get_n (facts), >, 5);
  g_assert_nonnull (stateroom_facts_get_value (facts, "conv1.weight"));
}

static void
test_scalars (InspectorFixture *fixture, gconstpointer data)
{
  StateroomValuePage *page = STATEROOM_VALUE_PAGE (inspector_test_select (fixture, "[\"epoch\"]"));
  g_autofree char *text = stateroom_value_page_dup_text (page);

  g_assert_cmpstr (text, ==, "9");
  g_assert_cmpstr (stateroom_value_page_get_note (page), ==, "");
}

static char *
write_pickle (const GString *content)
{
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("inspector-XXXXXX.pkl", &name, &error);

  g_assert_no_error (error);
  g_assert_cmpint (write (fd, content->str, content->len), ==, (gssize) content->len);
  close (fd);
  return g_steal_pointer (&name);
}

static void
test_long_list (InspectorFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) pickle = g_string_new_len ("\x80\2](", 4);
  g_autofree char *file = NULL;
  StateroomFacts *facts;

  for (int i = 0; i < 1000; i++)
    g_string_append_printf (pickle, "I%d\n", 2 * i);
  g_string_append (pickle, "e.");
  file = write_pickle (pickle);
  fixture->tree = inspector_test_load (file);
  facts = stateroom_container_page_get_facts (STATEROOM_CONTAINER_PAGE (inspector_test_select (fixture, ".")),
                                              CKPT_STEP_INDEX);
  g_assert_cmpuint (stateroom_facts_get_n (facts), ==, 101);
  g_assert_cmpstr (stateroom_facts_get_value (facts, "99"), ==, "198");
  g_assert_cmpstr (stateroom_facts_get_value (facts, ""), ==, "and 900 more");
  g_unlink (file);
}

/* An object that is made with an argument and has a state: argparse.Namespace of one attribute. */
static void
test_object (InspectorFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) pickle = g_string_new ("\x80\2cargparse\nNamespace\n(K\7tR}U\2lrG?\xc0");
  g_autofree char *file = NULL;
  StateroomContainerPage *page;

  g_string_append_len (pickle, "\0\0\0\0\0\0sb.", 9);
  file = write_pickle (pickle);
  fixture->tree = inspector_test_load (file);
  page = STATEROOM_CONTAINER_PAGE (inspector_test_select (fixture, "."));
  g_assert_cmpstr (
      stateroom_facts_get_value (stateroom_container_page_get_facts (page, CKPT_STEP_ATTRIBUTE), ".lr"), ==,
      "0.125");
  g_assert_cmpuint (stateroom_facts_get_n (stateroom_container_page_get_facts (page, CKPT_STEP_ARGUMENT)), ==,
                    1);
  g_assert_cmpuint (stateroom_facts_get_n (stateroom_container_page_get_facts (page, CKPT_STEP_KEY)), ==, 0);
  g_assert_true (
      gtk_widget_get_mapped (GTK_WIDGET (stateroom_container_page_get_facts (page, CKPT_STEP_ATTRIBUTE))));
  g_assert_true (
      gtk_widget_get_mapped (GTK_WIDGET (stateroom_container_page_get_facts (page, CKPT_STEP_ARGUMENT))));
  g_assert_false (
      gtk_widget_get_mapped (GTK_WIDGET (stateroom_container_page_get_facts (page, CKPT_STEP_KEY))));
  g_unlink (file);
}

/* A string of 200,000 letters with a line break and an escape character in it. */
static char *
write_long_text (void)
{
  g_autoptr (GString) pickle = g_string_new_len ("\x80\2X\x40\x0d\x03\0", 7);

  g_string_append (pickle, "first\nse\033cond");
  while (pickle->len < 7 + 200000)
    g_string_append_c (pickle, 'x');
  g_string_append_c (pickle, '.');
  return write_pickle (pickle);
}

static void
test_long_text (InspectorFixture *fixture, gconstpointer data)
{
  g_autofree char *file = write_long_text ();
  g_autofree char *text = NULL;
  StateroomValuePage *page;

  fixture->tree = inspector_test_load (file);
  page = STATEROOM_VALUE_PAGE (inspector_test_select (fixture, "."));
  text = stateroom_value_page_dup_text (page);
  g_assert_true (g_str_has_prefix (text, "first\nse\\x1bcondxxx"));
  g_assert_cmpuint (strlen (text), <, (64 << 10) + 16);
  g_assert_cmpuint (strlen (text), >, (64 << 10) - 16);
  g_assert_nonnull (strstr (stateroom_value_page_get_note (page), "200 kB"));
  g_unlink (file);
}

/* A safetensors file with one tensor of so many bytes and one of four values; the data are a hole. */
static char *
write_large_file (guint64 n_bytes)
{
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("inspector-XXXXXX.safetensors", &name, &error);
  g_autofree char *header = g_strdup_printf (
      "{\"large\":{\"dtype\":\"F32\",\"shape\":[%" G_GUINT64_FORMAT "],\"data_offsets\":[0,%" G_GUINT64_FORMAT
      "]},\"small\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[%" G_GUINT64_FORMAT
      ",%" G_GUINT64_FORMAT "]}}",
      n_bytes / 4, n_bytes, n_bytes, n_bytes + 16);
  guint64 length = GUINT64_TO_LE (strlen (header));

  g_assert_no_error (error);
  g_assert_cmpint (write (fd, &length, 8), ==, 8);
  g_assert_cmpint (write (fd, header, strlen (header)), ==, (gssize) strlen (header));
  g_assert_cmpint (ftruncate (fd, (off_t) (8 + strlen (header) + n_bytes + 16)), ==, 0);
  close (fd);
  return g_steal_pointer (&name);
}

static guint64
get_bytes_read (InspectorFixture *fixture)
{
  CkptSourceCounts counts;

  ckpt_source_get_counts (ckpt_tree_get_source (fixture->tree), &counts);
  return counts.n_bytes;
}

/* Statistics that nobody waits for any more stop, and their results do not show up on the next page. */
static void
test_cancel_on_selection (InspectorFixture *fixture, gconstpointer data)
{
  g_autofree char *file = write_large_file (240 * MEGABYTE);
  StateroomTensorPage *page;
  G_GNUC_UNUSED guint64 n_before;

  fixture->tree = inspector_test_load (file);
  n_before = get_bytes_read (fixture);
  page = STATEROOM_TENSOR_PAGE (inspector_test_select_now (fixture, "[\"large\"]"));
  g_assert_true (stateroom_tensor_page_is_busy (page));
  inspector_test_select (fixture, "[\"small\"]");
  inspector_test_assert_figure (page, "Count", "4");
  for (int i = 0; i < 50; i++)
    {
      g_usleep (10000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  inspector_test_assert_figure (page, "Count", "4");
  /* Under the sanitizers the page takes so long to be shown that all may have been read by then. */
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpuint (get_bytes_read (fixture) - n_before, <, 200 * MEGABYTE);
#endif
  g_unlink (file);
}

/* A large tensor is read only when asked for, can be cancelled, and is not read again when it comes back. */
static void
test_large_tensor (InspectorFixture *fixture, gconstpointer data)
{
  g_autofree char *file = write_large_file (6000 * MEGABYTE);
  StateroomTensorPage *page;
  guint64 n_before;

  fixture->tree = inspector_test_load (file);
  n_before = get_bytes_read (fixture);
  page = STATEROOM_TENSOR_PAGE (inspector_test_select (fixture, "[\"large\"]"));
  g_assert_cmpstr (inspector_test_get_card_page (page), ==, "ask");
  g_assert_cmpuint (get_bytes_read (fixture) - n_before, <, MEGABYTE);

  inspector_test_click (fixture, "Compute (6 GB, about 9 s)");
  g_assert_true (stateroom_tensor_page_is_busy (page));
  inspector_test_click (fixture, "_Cancel");
  g_assert_false (stateroom_tensor_page_is_busy (page));
  g_assert_cmpstr (inspector_test_get_card_page (page), ==, "ask");
  g_unlink (file);
}

static void
test_same_elements_once (InspectorFixture *fixture, gconstpointer data)
{
  StateroomTensorPage *page;
  guint64 n_before;

  page = STATEROOM_TENSOR_PAGE (inspector_test_select (fixture, "[\"model_state_dict\"][\"conv1.weight\"]"));
  inspector_test_select (fixture, "[\"epoch\"]");
  n_before = get_bytes_read (fixture);
  inspector_test_select_now (fixture, "[\"model_state_dict\"][\"conv1.weight\"]");
  /* At once: nothing had to be computed. */
  g_assert_cmpstr (inspector_test_get_card_page (page), ==, "plot");
  inspector_test_assert_figure (page, "Count", "450");
  inspector_test_wait (fixture);
  /* Only the values are printed again. */
  g_assert_cmpuint (get_bytes_read (fixture) - n_before, <=, 1800);
}

typedef struct
{
  InspectorFixture *fixture;
  guint n_selected;
} Visit;

static gboolean
visit (CkptTree *tree,
       const CkptPath *path,
       guint depth,
       const CkptChild *child,
       gboolean is_repeat,
       gpointer user_data)
{
  Visit *state = user_data;

  stateroom_inspector_set_selection (state->fixture->inspector, tree, path);
  g_assert_nonnull (stateroom_inspector_get_page (state->fixture->inspector));
  if (state->n_selected++ % 16 == 0)
    inspector_test_wait (state->fixture);
  else
    g_main_context_iteration (NULL, FALSE);
  return state->n_selected < 400;
}

static void
test_every_value_of_every_fixture (InspectorFixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "fixtures", "torch-2.13", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n_files = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      Visit state = { fixture, 0 };

      if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
        continue;
      g_clear_pointer (&fixture->tree, ckpt_tree_unref);
      fixture->tree = inspector_test_load (path);
      inspector_test_select (fixture, NULL);
      ckpt_tree_walk (fixture->tree, ckpt_tree_get_root (fixture->tree), visit, &state);
      inspector_test_wait (fixture);
      n_files++;
    }
  g_assert_cmpuint (n_files, >, 60);
}

static void
on_data_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static StateroomOverviewData *
look_through (CkptTree *tree)
{
  g_autoptr (GAsyncResult) result = NULL;
  guint timeout = inspector_test_start_timeout ();

  stateroom_overview_data_load_async (tree, NULL, on_data_loaded, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  return stateroom_overview_data_load_finish (result, NULL);
}

/* The loading code says weights_only=True for the files that PyTorch takes so, and only for them. */
static void
check_loading_code (const char *name, gboolean is_taken)
{
  g_autoptr (CkptTree) tree = inspector_test_load_fixture (name);
  g_autoptr (StateroomOverviewData) found = look_through (tree);
  g_autofree char *code = stateroom_overview_data_dup_code (found, tree);

  g_test_message ("%s: %s", name, found->refusal);
  g_assert_cmpint (strstr (code, "weights_only=True)") != NULL, ==, is_taken);
}

/* PyTorch's list has set, but not frozenset. */
static void
test_refusals (void)
{
  static const struct
  {
    const char *pickle;
    const char *refusal;
  } cases[] = {
    { "c__builtin__\nset\n((K\1ltR.", NULL },
    { "c__builtin__\nfrozenset\n((K\1ltR.", "it names builtins.frozenset" },
    { "cos\nsystem\n(S'true'\ntR.", "it names os.system" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) pickle = g_string_new ("\x80\2");
      g_autofree char *file = write_pickle (g_string_append (pickle, cases[i].pickle));
      g_autoptr (CkptTree) tree = inspector_test_load (file);
      g_autoptr (StateroomOverviewData) found = look_through (tree);

      g_assert_cmpstr (found->refusal, ==, cases[i].refusal);
      g_unlink (file);
    }
}

static void
test_loading_code (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "fixtures", "expected", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n_checked = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *file = g_strndup (name, strlen (name) - strlen (".json"));
      g_autofree char *text = NULL;
      const char *place;

      if (!g_str_has_suffix (name, ".json") || !g_file_get_contents (path, &text, NULL, NULL))
        continue;
      place = strstr (text, "\"weights_only\"");
      g_assert_nonnull (place);
      place = strstr (place, "\"loads\":");
      g_assert_nonnull (place);
      check_loading_code (file, strstr (place, "true") == place + strlen ("\"loads\": "));
      n_checked++;
    }
  g_assert_cmpuint (n_checked, >, 60);
}

int
main (int argc, char **argv)
{
  const char *file = "cuda1_multi_item.pt";

  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/inspector/overview", InspectorFixture, file, inspector_test_set_up, test_overview,
              inspector_test_tear_down);
  g_test_add ("/inspector/tensor", InspectorFixture, file, inspector_test_set_up, test_tensor,
              inspector_test_tear_down);
  g_test_add ("/inspector/special-values", InspectorFixture, "special_values.pt", inspector_test_set_up,
              test_special_values, inspector_test_tear_down);
  g_test_add ("/inspector/buttons-have-names", InspectorFixture, file, inspector_test_set_up,
              test_buttons_have_names, inspector_test_tear_down);
  g_test_add ("/inspector/container", InspectorFixture, file, inspector_test_set_up, test_container,
              inspector_test_tear_down);
  g_test_add ("/inspector/scalars", InspectorFixture, file, inspector_test_set_up, test_scalars,
              inspector_test_tear_down);
  g_test_add ("/inspector/long-list", InspectorFixture, NULL, inspector_test_set_up, test_long_list,
              inspector_test_tear_down);
  g_test_add ("/inspector/object", InspectorFixture, NULL, inspector_test_set_up, test_object,
              inspector_test_tear_down);
  g_test_add ("/inspector/long-text", InspectorFixture, NULL, inspector_test_set_up, test_long_text,
              inspector_test_tear_down);
  g_test_add ("/inspector/cancel-on-selection", InspectorFixture, NULL, inspector_test_set_up,
              test_cancel_on_selection, inspector_test_tear_down);
  g_test_add ("/inspector/large-tensor", InspectorFixture, NULL, inspector_test_set_up, test_large_tensor,
              inspector_test_tear_down);
  g_test_add ("/inspector/same-elements-once", InspectorFixture, file, inspector_test_set_up,
              test_same_elements_once, inspector_test_tear_down);
  g_test_add ("/inspector/every-value", InspectorFixture, NULL, inspector_test_set_up,
              test_every_value_of_every_fixture, inspector_test_tear_down);
  g_test_add_func ("/inspector/loading-code", test_loading_code);
  g_test_add_func ("/inspector/refusals", test_refusals);
  return g_test_run ();
}
