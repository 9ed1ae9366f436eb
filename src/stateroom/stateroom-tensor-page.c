/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-tensor-page.h"

#include "stateroom-card.h"
#include "stateroom-format.h"
#include "stateroom-heatmap-card.h"
#include "stateroom-page-header.h"
#include "stateroom-storage-facts.h"
#include "stateroom-tensor-details.h"
#include "stateroom-values-card.h"

#include <glib/gi18n.h>

struct _StateroomTensorPage
{
  AdwBin parent_instance;

  StateroomPageHeader *header;
  StateroomCard *problem_card;
  GtkLabel *problem_label;
  StateroomCard *value_card;
  GtkLabel *value_label;
  AdwInlineViewSwitcher *switcher;
  AdwViewStack *views;
  StateroomHistogramCard *histogram_card;
  StateroomCard *figures_card;
  StateroomFigures *figures;
  StateroomSliceModel *model; /* of the heatmap and the values */
  StateroomHeatmapCard *heatmap_card;
  StateroomValuesCard *values_card;
  StateroomCard *storage_card;
  StateroomFacts *storage_facts;

  StateroomHistogramJob *job;
  const CkptTensor *tensor;   /* that @job is about */
  const CkptProfile *profile; /* whose figures are shown; borrowed from @job */
  gulong changed_id;
  GCancellable *details_cancellable; /* while they are being found */
};

G_DEFINE_FINAL_TYPE (StateroomTensorPage, stateroom_tensor_page, ADW_TYPE_BIN)

static void
add_flag_chips (StateroomTensorPage *self, const CkptTensor *tensor)
{
  static const struct
  {
    CkptTensorFlags flag;
    const char *name;
    const char *tooltip;
  } chips[] = {
    { CKPT_TENSOR_PARAMETER, N_ ("parameter"), N_ ("An nn.Parameter of a pickled module") },
    { CKPT_TENSOR_REQUIRES_GRAD, N_ ("requires grad"), N_ ("Gradients are computed for it") },
    { CKPT_TENSOR_CONJ, N_ ("conjugated"), N_ ("Its values are stored as their complex conjugates") },
    { CKPT_TENSOR_NEG, N_ ("negated"), N_ ("Its values are stored with the opposite sign") },
    { CKPT_TENSOR_BROKEN, N_ ("broken"), N_ ("Its description makes no sense, or its data are missing") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (chips); i++)
    {
      if (tensor->flags & chips[i].flag)
        stateroom_page_header_add_chip (self->header, _ (chips[i].name), _ (chips[i].tooltip));
    }
}

static void
add_view_chip (StateroomTensorPage *self, CkptTree *tree, const CkptTensor *tensor)
{
  const CkptStorage *storage;
  g_autofree char *size = NULL;
  g_autofree char *text = NULL;

  if (ckpt_tree_get_tied_to (tree, tensor) != CKPT_NO_TENSOR)
    stateroom_page_header_add_chip (self->header, _ ("tied"),
                                    _ ("It has the same elements as an earlier tensor"));
  if (tensor->storage == CKPT_NO_STORAGE)
    return;
  storage = ckpt_tree_get_storage (tree, tensor->storage);
  if (tensor->n_bytes >= storage->n_bytes)
    return;
  size = stateroom_format_bytes (storage->n_bytes);
  /* Translators: %s is a size: the tensor shows a part of a storage that is so large */
  text = g_strdup_printf (_ ("view of %s"), size);
  stateroom_page_header_add_chip (self->header, text, _ ("It shows a part of a larger storage"));
}

static void
show_chips (StateroomTensorPage *self, CkptTree *tree, const CkptTensor *tensor)
{
  g_autofree char *shape = ckpt_tensor_shape_to_string (tensor);
  g_autofree char *size = stateroom_format_bytes (tensor->n_bytes);

  stateroom_page_header_clear_chips (self->header);
  stateroom_page_header_add_chip (self->header, shape, _ ("Shape"));
  stateroom_page_header_add_chip (self->header, ckpt_dtype_get_name (tensor->dtype),
                                  _ ("Type of its elements"));
  stateroom_page_header_add_chip (self->header, tensor->device, _ ("Device that it was saved from"));
  if (!(tensor->flags & CKPT_TENSOR_META))
    stateroom_page_header_add_chip (self->header, size, _ ("Size of its elements"));
  if (tensor->layout != CKPT_LAYOUT_STRIDED)
    stateroom_page_header_add_chip (self->header, ckpt_layout_get_name (tensor->layout), _ ("Layout"));
  if (!g_str_equal (tensor->class_name, "Tensor") && !g_str_equal (tensor->class_name, "Parameter"))
    stateroom_page_header_add_chip (self->header, tensor->class_name, _ ("Class"));
  add_flag_chips (self, tensor);
  add_view_chip (self, tree, tensor);
}

static char *
format_dimensions (const gint64 *numbers, guint n)
{
  GString *text = g_string_new ("(");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : "", numbers[i]);
  g_string_append (text, n == 1 ? ",)" : ")");
  return g_string_free_and_steal (text);
}

static void
add_fact (StateroomTensorPage *self, const char *name, char *value)
{
  g_autofree char *text = value;
  g_autofree char *label = stateroom_format_label (text);

  stateroom_facts_add (self->storage_facts, name, label);
}

static void
add_quantizer_facts (StateroomTensorPage *self, const CkptTensor *tensor)
{
  const CkptQuantizer *quantizer = tensor->quantizer;

  if (quantizer == NULL)
    return;
  if (quantizer->scheme == CKPT_QSCHEME_PER_TENSOR)
    {
      add_fact (self, _ ("Scale"), stateroom_format_number (quantizer->scale, 6));
      add_fact (self, _ ("Zero point"), g_strdup_printf ("%" G_GINT64_FORMAT, quantizer->zero_point));
    }
  else
    add_fact (self, _ ("Scale"),
              g_strdup_printf (_ ("one for each index of dimension %" G_GINT64_FORMAT), quantizer->axis));
}

static void
show_storage (StateroomTensorPage *self, CkptTree *tree, const CkptTensor *tensor)
{
  stateroom_facts_clear (self->storage_facts);
  gtk_widget_set_visible (GTK_WIDGET (self->storage_card), tensor->storage != CKPT_NO_STORAGE);
  if (tensor->storage == CKPT_NO_STORAGE)
    return;

  stateroom_storage_facts_add (self->storage_facts, tree, ckpt_tree_get_storage (tree, tensor->storage));
  add_fact (self, _ ("Offset"), stateroom_format_count ((guint64) tensor->offset));
  add_fact (self, _ ("Stride"), format_dimensions (tensor->stride, tensor->n_dims));
  add_quantizer_facts (self, tensor);
}

static void
add_paths (StateroomTensorPage *self, const char *name, const GPtrArray *paths, guint n_paths)
{
  for (guint i = 0; i < paths->len; i++)
    add_fact (self, i == 0 ? name : "", g_strdup (g_ptr_array_index (paths, i)));
  if (n_paths > paths->len)
    {
      guint n_more = n_paths - paths->len;

      add_fact (self, "", g_strdup_printf (ngettext ("and %u more", "and %u more", n_more), n_more));
    }
}

static void
on_details_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StateroomTensorDetails) details = stateroom_tensor_details_load_finish (result, &error);
  StateroomTensorPage *self = user_data;

  /* Only cancelling fails, and then the page may be gone. */
  if (details == NULL)
    return;
  g_clear_object (&self->details_cancellable);
  if (details->n_same > 0)
    stateroom_page_header_add_chip (self->header, _ ("tied"), _ ("Other keys have the same elements"));
  add_paths (self, _ ("Same as"), details->same, details->n_same);
  add_paths (self, _ ("Shared with"), details->sharing, details->n_sharing);
}

static void
load_details (StateroomTensorPage *self, CkptTree *tree, const CkptPath *path, const CkptTensor *tensor)
{
  self->details_cancellable = g_cancellable_new ();
  stateroom_tensor_details_load_async (tree, path, tensor, self->details_cancellable, on_details_loaded,
                                       self);
}

static void
on_job_changed (StateroomTensorPage *self)
{
  const CkptProfile *profile = stateroom_histogram_job_get_profile (self->job);

  /* They stay while a part of the histogram is computed. */
  if (profile == self->profile)
    return;
  self->profile = profile;
  gtk_widget_set_visible (GTK_WIDGET (self->figures_card), profile != NULL);
  stateroom_figures_set_profile (self->figures, profile, self->tensor);
  stateroom_card_set_note (self->figures_card, profile != NULL && profile->stats.is_magnitude
                                                   ? _ ("of the magnitudes of complex numbers")
                                                   : NULL);
}

static void
start_statistics (StateroomTensorPage *self, StateroomSurvey *survey, const CkptTensor *tensor)
{
  self->job = stateroom_histogram_job_new (survey, tensor);
  self->tensor = tensor;
  self->profile = NULL;
  self->changed_id = g_signal_connect_swapped (self->job, "changed", G_CALLBACK (on_job_changed), self);
  stateroom_histogram_card_set_job (self->histogram_card, self->job,
                                    stateroom_page_header_get_title (self->header));
}

/* The views of one tensor show the same rows and columns. */
static void
set_model (StateroomTensorPage *self, StateroomSliceModel *model, const char *name)
{
  if (self->model == model)
    return;
  g_set_object (&self->model, model);
  stateroom_heatmap_card_set_model (self->heatmap_card, model, name);
  stateroom_values_card_set_model (self->values_card, model, name);
}

/* Nothing is read before it is looked at. */
static void
show_slice (StateroomTensorPage *self, CkptTree *tree, const CkptTensor *tensor)
{
  CkptSlice *slice = ckpt_slice_new (tree, tensor, NULL);
  g_autoptr (StateroomSliceModel) model = slice != NULL ? stateroom_slice_model_new (slice) : NULL;

  set_model (self, model, stateroom_page_header_get_title (self->header));
}

/* A single number needs no histogram. It is read here: a few bytes. */
static void
show_value (StateroomTensorPage *self, CkptTree *tree, const CkptTensor *tensor)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *value = ckpt_tensor_item_to_string (tree, tensor, 0, &error);
  g_autofree char *label = stateroom_format_label (value != NULL ? value : error->message);

  gtk_label_set_text (self->value_label, label);
}

static void
stateroom_tensor_page_dispose (GObject *object)
{
  stateroom_tensor_page_clear (STATEROOM_TENSOR_PAGE (object));
  G_OBJECT_CLASS (stateroom_tensor_page_parent_class)->dispose (object);
}

static void
stateroom_tensor_page_class_init (StateroomTensorPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_tensor_page_dispose;
  g_type_ensure (STATEROOM_TYPE_CARD);
  g_type_ensure (STATEROOM_TYPE_FACTS);
  g_type_ensure (STATEROOM_TYPE_FIGURES);
  g_type_ensure (STATEROOM_TYPE_HISTOGRAM_CARD);
  g_type_ensure (STATEROOM_TYPE_PAGE_HEADER);
  g_type_ensure (STATEROOM_TYPE_HEATMAP_CARD);
  g_type_ensure (STATEROOM_TYPE_VALUES_CARD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-tensor-page.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomTensorPage, header);
  gtk_widget_class_bind_template_child (widget_class, StateroomTensorPage, problem_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomTensorPage, problem_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomTensorPage, value_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomTensorPage, value_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomTensorPage, switcher);
  gtk_widget_class_bind_template_child (widget_class, StateroomTensorPage, views);
  gtk_widget_class_bind_template_child (widget_class, StateroomTensorPage, histogram_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomTensorPage, figures_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomTensorPage, figures);
  gtk_widget_class_bind_template_child (widget_class, StateroomTensorPage, heatmap_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomTensorPage, values_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomTensorPage, storage_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomTensorPage, storage_facts);
}

static void
stateroom_tensor_page_init (StateroomTensorPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * stateroom_tensor_page_new:
 *
 * Returns: (transfer floating): an empty page
 */
GtkWidget *
stateroom_tensor_page_new (void)
{
  return g_object_new (STATEROOM_TYPE_TENSOR_PAGE, NULL);
}

/**
 * stateroom_tensor_page_show:
 * @survey: statistics of a file
 * @path: where the tensor is
 * @tensor: a tensor of the file
 *
 * Shows a tensor. Its statistics are computed in a thread, which stops when another tensor is shown.
 */
void
stateroom_tensor_page_show (StateroomTensorPage *self,
                            StateroomSurvey *survey,
                            const CkptPath *path,
                            const CkptTensor *tensor)
{
  CkptTree *tree = stateroom_survey_get_tree (survey);
  const char *problem = ckpt_tensor_get_unreadable (tree, tensor);
  gboolean is_single = problem == NULL && tensor->numel == 1;
  g_autofree char *problem_text = problem != NULL ? stateroom_format_label (problem) : NULL;

  stateroom_tensor_page_clear (self);
  stateroom_page_header_set_path (self->header, tree, path);
  show_chips (self, tree, tensor);
  show_storage (self, tree, tensor);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_card), problem != NULL);
  gtk_label_set_text (self->problem_label, problem != NULL ? problem_text : "");
  stateroom_card_set_title (self->problem_card, tensor->flags & CKPT_TENSOR_BROKEN ? _ ("Broken Tensor")
                                                                                   : _ ("No Values to Show"));
  gtk_widget_set_visible (GTK_WIDGET (self->value_card), is_single);
  gtk_widget_set_visible (GTK_WIDGET (self->switcher), problem == NULL && !is_single);
  gtk_widget_set_visible (GTK_WIDGET (self->views), problem == NULL && !is_single);
  gtk_widget_set_visible (GTK_WIDGET (self->figures_card), FALSE);
  if (is_single)
    show_value (self, tree, tensor);
  else if (problem == NULL)
    {
      start_statistics (self, survey, tensor);
      show_slice (self, tree, tensor);
    }
  load_details (self, tree, path, tensor);
}

/**
 * stateroom_tensor_page_clear:
 *
 * Stops what is being computed.
 */
void
stateroom_tensor_page_clear (StateroomTensorPage *self)
{
  g_cancellable_cancel (self->details_cancellable);
  g_clear_object (&self->details_cancellable);
  set_model (self, NULL, NULL);
  if (self->job == NULL)
    return;
  g_clear_signal_handler (&self->changed_id, self->job);
  stateroom_histogram_card_set_job (self->histogram_card, NULL, NULL);
  g_clear_object (&self->job);
}

/**
 * stateroom_tensor_page_is_busy:
 *
 * Returns: whether something is still being computed
 */
gboolean
stateroom_tensor_page_is_busy (StateroomTensorPage *self)
{
  return self->details_cancellable != NULL || stateroom_heatmap_card_is_busy (self->heatmap_card) ||
         stateroom_values_card_is_busy (self->values_card) ||
         (self->job != NULL && stateroom_histogram_job_get_state (self->job) == STATEROOM_JOB_RUNNING);
}

/**
 * stateroom_tensor_page_get_histogram_card:
 *
 * Returns: (transfer none): the card with the histogram
 */
StateroomHistogramCard *
stateroom_tensor_page_get_histogram_card (StateroomTensorPage *self)
{
  return self->histogram_card;
}

/**
 * stateroom_tensor_page_get_views:
 *
 * Returns: (transfer none): what can be looked at instead of the histogram, which comes first
 */
AdwViewStack *
stateroom_tensor_page_get_views (StateroomTensorPage *self)
{
  return self->views;
}

/**
 * stateroom_tensor_page_get_figures:
 *
 * Returns: (transfer none): the figures
 */
StateroomFigures *
stateroom_tensor_page_get_figures (StateroomTensorPage *self)
{
  return self->figures;
}

/**
 * stateroom_tensor_page_get_storage_facts:
 *
 * Returns: (transfer none): what is said about the storage
 */
StateroomFacts *
stateroom_tensor_page_get_storage_facts (StateroomTensorPage *self)
{
  return self->storage_facts;
}
